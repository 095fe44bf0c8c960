import type { Refusal } from '../../support/refusal.ts'

const hostLocal: readonly Refusal[] = [
  { wrong: 'a configuration without ipam', conf: { ipam: undefined }, code: 7, says: 'missing "ipam" key' },
  { wrong: 'ranges in host bits', conf: { ipam: { subnet: '10.99.0.1/24' } }, code: 7, says: 'host bits' },
  { wrong: 'an unknown argument', env: { CNI_ARGS: 'MAC=02:00:00:00:00:01' }, code: 4, says: 'unknown args [MAC]' },
  { wrong: 'an IP of CNI_ARGS that is none', env: { CNI_ARGS: 'IP=10.99.0.300' }, code: 7, says: '10.99.0.300' },
  {
    wrong: 'an unknown key where it is strict',
    conf: { strict: true, ipam: { subnet: '10.99.0.0/24', rangestrt: 'x' } },
    code: 7,
    says: 'did you mean "rangeStart"?',
  },
  { wrong: 'a call without CNI_NETNS', env: { CNI_NETNS: '' }, code: 4, says: 'CNI_NETNS' },
  {
    wrong: 'the lease of nobody',
    operation: 'CHECK',
    conf: { prevResult: {} },
    code: 999,
    says: 'Cannot find the lease',
  },
].map(row => ({ plugin: 'host-local', ...row }))

const fixed = (change: object) => ({ ipam: { type: 'static', ...change } })

const statics: readonly Refusal[] = (
  [
    [{ addresses: [{ address: '10.99.0.5' }] }, 'addresses[0].address'],
    [{ addresses: [{ address: 5 }] }, 'addresses[0].address'],
    [{ addresses: [{}] }, 'addresses[0].address'],
    [{ addresses: {} }, 'addresses must be'],
    [{ addresses: [{ address: '10.99.0.5/24', gateway: 'x' }] }, 'addresses[0].gateway'],
    [{ addresses: [{ address: '10.99.0.5/24', gateway: '10.98.0.1' }] }, 'outside the subnet'],
    [{ addresses: [{ address: '10.99.0.5/24' }], routes: [{ dst: 'default' }] }, 'routes[0].dst'],
    [{ addresses: [] }, 'missing IP config'],
    [{ addresses: [{ address: '10.99.0.5/24' }], dns: { search: 'x' } }, 'dns.search'],
  ] as const
).map(([change, says]) => ({
  wrong: `static addresses from ${JSON.stringify(change)}`,
  conf: fixed(change),
  code: 7,
  says,
}))

const address = fixed({ addresses: [{ address: '10.99.0.5/24' }] })

const loopback: readonly Refusal[] = [
  { wrong: 'a sandbox that is absent', env: { CNI_NETNS: '/run/netns/none' }, code: 4, says: 'no such file' },
  {
    wrong: 'the namespace that it runs in',
    env: { CNI_NETNS: '/proc/self/ns/net' },
    code: 8,
    says: 'should not be the same',
  },
  {
    wrong: 'the namespace that it runs in',
    operation: 'DEL',
    env: { CNI_NETNS: '/proc/self/ns/net' },
    code: 8,
    says: 'should not be the same',
  },
  { wrong: 'an array', input: '[]', code: 6, says: 'no JSON object' },
  { wrong: 'a name with "/"', conf: { name: 'a/b' }, code: 7, says: 'network name' },
  {
    wrong: 'a prevResult of another format',
    conf: { prevResult: { cniVersion: '0.2.0' } },
    code: 7,
    says: 'prevResult',
  },
].map(row => ({ plugin: 'loopback', ...row }))

/** host-local, static and loopback. */
export const others: readonly Refusal[] = [
  ...hostLocal,
  ...statics,
  {
    wrong: 'an address without prefix length in runtimeConfig',
    conf: { ...address, runtimeConfig: { ips: ['10.99.0.6'] } },
    code: 7,
    says: 'runtimeConfig.ips[0]',
  },
  {
    wrong: 'an address without prefix length in CNI_ARGS',
    conf: address,
    env: { CNI_ARGS: 'IP=10.99.0.6;IgnoreUnknown=1' },
    code: 7,
    says: 'prefix length',
  },
  {
    wrong: 'a configuration without ipam',
    plugin: 'static',
    conf: { ipam: null },
    code: 7,
    says: 'missing "ipam" key',
  },
  ...loopback,
]
