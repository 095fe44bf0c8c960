import t from 'tap'
import { looseArgs, readArgs } from '../../../lib/cni/args.ts'

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

t.test('loose arguments are pairs at the first "=", and nothing else', async t => {
  const rows: readonly (readonly [text: string, pairs: object])[] = [
    ['', {}],
    ['A=b;C=d', { A: 'b', C: 'd' }],
    ['A=b=c;x;=y;;D=', { A: 'b=c', D: '' }],
    ['A=1;A=2', { A: '2' }],
  ]
  for (const [text, pairs] of rows) t.same(Object.fromEntries(looseArgs(text)), pairs, text)
})
