import type { Refusal } from '../../support/refusal.ts'

const text = (wrong: string, input: string, code: number, says: string): Refusal => ({ wrong, input, code, says })

const json: readonly Refusal[] = [
  text('empty stdin', '', 6, 'no JSON'),
  text('white space on stdin', ' \n\t', 6, 'no JSON'),
  text('broken JSON', '{"name": "net2"', 6, 'no JSON'),
  text('a second document', '{"name":"net2"}{}', 6, 'no JSON'),
  text('a trailing comma', '{"name":"net2",}', 6, 'no JSON'),
  text('single quotes', "{'name':'net2'}", 6, 'no JSON'),
  text('an array', '[{"name":"net2"}]', 6, 'no JSON object'),
  text('a string', '"net2"', 6, 'no JSON object'),
  text('null', 'null', 6, 'no JSON object'),
  text('JSON nested a hundred thousand deep', `{"name":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 6, 'no JSON'),
  text('bytes that are no UTF-8', '{"name":"\ud800"}', 7, 'network name'),
]

const names: readonly Refusal[] = (
  [
    [undefined, 7, 'missing network name'],
    [null, 7, 'missing network name'],
    ['', 7, 'missing network name'],
    [5, 6, '"name" must be a string'],
    [['net2'], 6, '"name" must be a string'],
    ['..', 7, 'network name'],
    ['../../etc', 7, 'network name'],
    ['a/b', 7, 'network name'],
    ['a b', 7, 'network name'],
    ['net2\n', 7, 'network name'],
    ['a"b', 7, 'network name'],
    ['a\u0000b', 7, 'network name'],
    ['.hidden', 7, 'network name'],
    ['n\u00e9t', 7, 'network name'],
    ['n'.repeat(300), 7, 'network name'],
  ] as const
).map(([name, code, says]) => ({
  wrong: `the network name ${JSON.stringify(name)?.slice(0, 40)}`,
  conf: { name },
  code,
  says,
}))

const prevResult = { cniVersion: '1.1.0', interfaces: [] }

const versions: readonly Refusal[] = (
  [
    ['ADD', '1.2.0', 1, 'incompatible CNI versions'],
    ['ADD', '1.1', 1, 'incompatible CNI versions'],
    ['ADD', '0.5.0', 1, 'incompatible CNI versions'],
    ['ADD', 'newest', 1, 'incompatible CNI versions'],
    ['ADD', '1.1.0\n', 1, 'incompatible CNI versions'],
    ['ADD', 1.1, 6, '"cniVersion" must be a string'],
    ['DEL', '1.2.0', 1, 'incompatible CNI versions'],
    ['CHECK', '0.3.1', 1, 'config version does not allow CHECK'],
    ['CHECK', undefined, 1, 'config version does not allow CHECK'],
    ['CHECK', '2.0.0', 1, 'plugin version does not allow CHECK'],
    ['CHECK', '0.9.0', 1, 'incompatible CNI versions'],
    ['CHECK', 'newest', 6, 'newest'],
    ['GC', '1.0.0', 1, 'config version does not allow GC'],
    ['GC', '0.4.0', 1, 'config version does not allow GC'],
    ['GC', '1.x', 6, '1.x'],
    ['STATUS', '1.0.0', 1, 'config version does not allow STATUS'],
    ['STATUS', '1.2.0', 1, 'plugin version does not allow STATUS'],
    ['STATUS', '', 1, 'config version does not allow STATUS'],
  ] as const
).map(([operation, cniVersion, code, says]) => ({
  wrong: `cniVersion ${JSON.stringify(cniVersion)}`,
  operation,
  conf: { cniVersion, prevResult },
  code,
  says,
}))

const previous: readonly Refusal[] = (
  [
    ['no prevResult', undefined, 'prevResult is missing'],
    ['a prevResult of null', null, 'prevResult is missing'],
    ['a prevResult that is a list', [], 'prevResult'],
    ['a prevResult of another format', { cniVersion: '0.4.0' }, 'prevResult'],
  ] as const
).map(([wrong, prevResult, says]) => ({ wrong, operation: 'CHECK', conf: { prevResult }, code: 7, says }))

const attachments: readonly Refusal[] = [
  'c1',
  { containerID: 'c1' },
  ['c1'],
  [{ containerID: 'c1' }],
  [{ ifname: 'eth0' }],
  [null],
].map(list => ({
  wrong: `the valid attachments ${JSON.stringify(list)}`,
  operation: 'GC',
  conf: { 'cni.dev/valid-attachments': list },
  code: 7,
  says: 'valid-attachments',
}))

/** Documents on stdin that are none, or carry no name, no usable version, or no usable list. */
export const documents: readonly Refusal[] = [
  ...json,
  ...names,
  { wrong: 'a bad name before a bad version', conf: { name: '/', cniVersion: '9' }, code: 7, says: 'network name' },
  ...versions,
  ...previous,
  ...attachments,
]
