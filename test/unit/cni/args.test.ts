import fc from 'fast-check'
import t from 'tap'
import { readArgs, readArgsLeniently } from '../../../lib/cni/args.ts'

t.test('known arguments are read, by their exact name', async t => {
  for (const [text, wanted] of [
    ['', {}],
    ['MAC=a', { MAC: 'a' }],
    ['IgnoreUnknown=1;K8S_POD_NAME=p;MAC=a', { MAC: 'a' }],
    ['K8S_POD_NAME=p;MAC=a;IgnoreUnknown=true', { MAC: 'a' }],
    ['IgnoreUnknown=TRUE;mac=a', {}],
    ['IgnoreUnknown=0;MAC=a', { MAC: 'a' }],
    ['IgnoreUnknown=1;MAC=', { MAC: '' }],
    ['MAC=a;MAC=b', { MAC: 'b' }],
  ] as const) {
    t.same(Object.fromEntries(readArgs(text, ['MAC', 'IP'])), wanted, text)
  }
})

t.test('arguments that are malformed or unknown are refused with the code for the environment', async t => {
  for (const text of [
    'MAC',
    'MAC=a;',
    ';MAC=a',
    'MAC=a=b',
    '=a',
    'X=1',
    'X=1;IgnoreUnknown=false',
    'IgnoreUnknown=yes',
    'IgnoreUnknown=',
  ]) {
    t.throws(() => readArgs(text, ['MAC']), { code: 4, message: /CNI_ARGS/ }, text)
  }
})

t.test('DEL reads whatever text without a complaint, and what ADD could read as ADD did', async () => {
  const pair = fc.tuple(fc.constantFrom('MAC', 'IP', 'X'), fc.stringMatching(/^[^=;]+$/)).map(parts => parts.join('='))
  const text = fc.array(fc.oneof(pair, fc.string())).map(parts => parts.join(';'))
  fc.assert(fc.property(text, any => readArgsLeniently(any, ['MAC']) instanceof Map))
  fc.assert(
    fc.property(fc.array(pair), pairs => {
      const all = [...pairs, 'IgnoreUnknown=1'].join(';')
      return readArgs(all, ['MAC', 'IP']).get('MAC') === readArgsLeniently(all, ['MAC', 'IP']).get('MAC')
    }),
  )
})
