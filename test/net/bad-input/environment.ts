import type { Refusal } from '../../support/refusal.ts'

const all = ['CNI_CONTAINERID', 'CNI_NETNS', 'CNI_IFNAME', 'CNI_PATH'] as const

const absent: readonly Refusal[] = all.flatMap(name => [
  { wrong: `a call without ${name}`, env: { [name]: undefined }, code: 4, says: `variables [${name}] missing` },
  { wrong: `an empty ${name}`, env: { [name]: '' }, code: 4, says: `variables [${name}] missing` },
])

const needed: readonly Refusal[] = (
  [
    ['DEL', 'CNI_CONTAINERID'],
    ['DEL', 'CNI_IFNAME'],
    ['DEL', 'CNI_PATH'],
    ['CHECK', 'CNI_NETNS'],
    ['GC', 'CNI_PATH'],
    ['STATUS', 'CNI_PATH'],
  ] as const
).map(([operation, name]) => ({
  wrong: `a call without ${name}`,
  operation,
  env: { [name]: '' },
  code: 4,
  says: `[${name}] missing`,
}))

const ids: readonly Refusal[] = [
  '../c1',
  'c1/x',
  '.c1',
  '-c1',
  'c 1',
  'c1\n',
  'c"1',
  "c'1",
  'c1;x',
  'c\u00e91',
  'c\x011',
].map(id => ({
  wrong: `the container ID ${JSON.stringify(id)}`,
  env: { CNI_CONTAINERID: id },
  code: 4,
  says: id,
}))

const ifNames: readonly Refusal[] = (
  [
    ['sixteen-letters-', 'longer than 15'],
    ['\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9', 'longer than 15'],
    ['.', '".."'],
    ['..', '".."'],
    ['a/b', '"/"'],
    ['eth0:1', '":"'],
    ['eth 0', 'white space'],
    ['eth0\n', 'white space'],
    ['eth\t0', 'white space'],
    ['eth\u00a00', 'white space'],
    ['eth"0', 'characters'],
    ["eth'0", 'characters'],
    ['eth\\0', 'characters'],
    ['eth#0', 'characters'],
    ['eth%d', 'characters'],
    ['eth;0', 'characters'],
    ['\u00e9th0', 'characters'],
    ['eth\x010', 'characters'],
    ['all', 'Choose another name'],
    ['default', 'Choose another name'],
  ] as const
).map(([name, says]) => ({
  wrong: `the interface name ${JSON.stringify(name)}`,
  env: { CNI_IFNAME: name },
  code: 4,
  says,
}))

const namespaces: readonly Refusal[] = (
  [
    ['free', 'absolute'],
    ['run/netns/free', 'absolute'],
    ['/run/netns/none', 'no such file'],
    ['/run/netns', 'no network namespace'],
    ['/run/netns/loop', 'CNI_NETNS'],
    ['/proc/self/ns/mnt', 'no network namespace'],
    ['/run/netns/uts', 'no network namespace'],
    [`/run/netns/${'x'.repeat(300)}`, 'CNI_NETNS'],
    ['/etc/passwd', 'no network namespace'],
    ['/etc/passwd/net', 'no such file'],
    ['/run/netns/fr ee', 'absolute path without spaces'],
    ['/run/netns/free\nlink del dev up0', 'absolute path without spaces'],
    ['/run/netns/"free"', 'absolute path without spaces'],
  ] as const
).map(([path, says]) => ({
  wrong: `the sandbox ${JSON.stringify(path.slice(0, 40))}`,
  env: { CNI_NETNS: path },
  code: 4,
  says,
}))

const args: readonly Refusal[] = (
  [
    ['IgnoreUnknown', 'KEY=VALUE'],
    ['IgnoreUnknown=1;', 'KEY=VALUE'],
    ['IgnoreUnknown=1;K=a=b', 'KEY=VALUE'],
    ['=1', 'KEY=VALUE'],
    ['IgnoreUnknown=maybe', 'IgnoreUnknown'],
    ['K8S_POD_NAME=p1', 'unknown args [K8S_POD_NAME]'],
    ['mac=02:00:00:00:00:01', 'unknown args [mac]'],
    ['IgnoreUnknown=0;X=1', 'unknown args [X]'],
  ] as const
).map(([text, says]) => ({ wrong: `CNI_ARGS ${text}`, env: { CNI_ARGS: text }, code: 4, says }))

/** Environments that no runtime should send, in the order in which the reference looks at them. */
export const environment: readonly Refusal[] = [
  { wrong: 'an unknown operation', operation: 'UPDATE', code: 4, says: 'unknown CNI_COMMAND: UPDATE' },
  { wrong: 'an operation in lower case', operation: 'add', code: 4, says: 'unknown CNI_COMMAND: add' },
  { wrong: 'an operation with a space', operation: 'ADD ', code: 4, says: 'unknown CNI_COMMAND: ADD ' },
  { wrong: 'the operation __proto__', operation: '__proto__', code: 4, says: 'unknown CNI_COMMAND: __proto__' },
  {
    wrong: 'a call with every variable missing, naming all of them',
    env: Object.fromEntries(all.map(name => [name, ''])),
    code: 4,
    says: 'required env variables [CNI_CONTAINERID,CNI_NETNS,CNI_IFNAME,CNI_PATH] missing',
  },
  ...absent,
  ...needed,
  {
    wrong: 'a bad ID before a missing variable',
    env: { CNI_CONTAINERID: '/', CNI_PATH: '' },
    code: 4,
    says: 'CNI_CONTAINERID',
  },
  { wrong: 'a missing variable before bad JSON', env: { CNI_IFNAME: '' }, input: '{', code: 4, says: 'CNI_IFNAME' },
  ...ids,
  ...ifNames,
  ...namespaces,
  ...args,
  {
    wrong: 'the namespace that it runs in',
    env: { CNI_NETNS: '/proc/self/ns/net' },
    code: 8,
    says: 'should not be the same',
  },
]
