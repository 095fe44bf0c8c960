import t from 'tap'
import { readArgs } from '../../../lib/cni/args.ts'

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
