import t from 'tap'
import { bridgeConf, type CallOptions, call, hostLocal, must } from '../support/call.ts'
import { withHost } from '../support/host.ts'
import { trace } from '../support/trace.ts'

type Keys = Readonly<Record<string, unknown>>

const [x, y, z] = ['02:00:00:00:00:0a', '02:00:00:00:00:0b', '02:00:00:00:00:0c']
const inArgs = { args: `IgnoreUnknown=1;MAC=${x}` }
const inConf = { args: { cni: { mac: y } } }
const inRuntime = { runtimeConfig: { mac: z } }

const macs: readonly (readonly [what: string, conf: Keys, options: CallOptions, mac: string])[] = [
  ['CNI_ARGS', {}, inArgs, x],
  ['CNI_ARGS among others', {}, { args: `K8S_POD_NAME=p;MAC=${x};IgnoreUnknown=1` }, x],
  ['args.cni', inConf, {}, y],
  ['args.cni before CNI_ARGS', inConf, inArgs, y],
  ['runtimeConfig', inRuntime, {}, z],
  ['runtimeConfig before both', { ...inConf, ...inRuntime }, inArgs, z],
  ['runtimeConfig in capitals', { runtimeConfig: { Mac: z.toUpperCase() } }, {}, z],
  ['dashes', { runtimeConfig: { mac: z.replaceAll(':', '-') } }, {}, z],
  [
    'the address, where all are empty',
    { args: { cni: { mac: '' } }, runtimeConfig: { mac: null } },
    {},
    '02:42:0a:58:00:0e',
  ],
]

t.test('The MAC comes from', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    const conf = bridgeConf({ ipam: { type: 'static', addresses: [{ address: '10.88.0.14/16' }] } })
    for (const [what, keys, options, mac] of macs) {
      const { interfaces } = await must(host, 'ADD', { ...conf, ...keys }, { netns: a, ...options })
      t.equal((await a.ip('link', 'show', 'eth0'))[0].address, mac, what)
      t.equal(interfaces[2].mac, mac, 'and the result tells it')
      await must(host, 'DEL', conf, { netns: a })
    }
  }),
)

const wrong: readonly (readonly [conf: Keys, options: CallOptions, code: number])[] = [
  [{}, { args: 'MAC=01:00:5e:00:00:01' }, 7],
  [{ runtimeConfig: { mac: '00:00:00:00:00:00' } }, {}, 7],
  [{ runtimeConfig: { mac: '02:00:00:00:00' } }, {}, 7],
  [{ args: { cni: { mac: '02:00:00:00:00:zz' } } }, {}, 7],
  [{}, { args: `mac=${x}` }, 4],
  [{}, { args: `MAC=${x};COLOUR=blue` }, 4],
  [{}, { args: `MAC=${x};` }, 4],
]

t.test('ADD refuses a MAC or CNI_ARGS that cannot be, and makes no bridge', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    const before = await trace(host)
    for (const [keys, options, code] of wrong) {
      const answer = await call(host, 'ADD', bridgeConf(keys), { netns: a, ...options })
      t.match(answer, { code: 1, error: { code } }, JSON.stringify([keys, options]))
    }
    t.strictSame(await trace(host), before)
  }),
)

const two = hostLocal('10.88.0.0/16', 'fd00:88::/64')
const wishes: readonly (readonly [what: string, conf: Keys, options: CallOptions, addresses: readonly string[]])[] = [
  ['CNI_ARGS', {}, { args: 'IP=10.88.0.20' }, ['10.88.0.20/16', 'fd00:88::2/64']],
  ['args.cni', { args: { cni: { ips: ['10.88.0.21', 'fd00:88::21/64'] } } }, {}, ['10.88.0.21/16', 'fd00:88::21/64']],
  ['runtimeConfig', { runtimeConfig: { ips: ['fd00:88::22'] } }, {}, ['10.88.0.2/16', 'fd00:88::22/64']],
  [
    'runtimeConfig, repeated',
    { runtimeConfig: { ips: ['10.88.0.23', '10.88.0.23', 'FD00:88:0::23'] } },
    {},
    ['10.88.0.23/16', 'fd00:88::23/64'],
  ],
  [
    'CNI_ARGS and runtimeConfig',
    { runtimeConfig: { ips: ['fd00:88::24'] } },
    { args: 'IP=10.88.0.24/32' },
    ['10.88.0.24/16', 'fd00:88::24/64'],
  ],
  [
    'ipRanges of the runtime, first',
    { runtimeConfig: { ipRanges: [[{ Subnet: '10.66.0.0/24' }]] } },
    {},
    ['10.66.0.2/24', '10.88.0.2/16', 'fd00:88::2/64'],
  ],
]

t.test('The addresses come from', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    for (const [what, keys, options, addresses] of wishes) {
      const conf = bridgeConf({ ipam: two, ...keys })
      // The bridge gets both or neither argument: each plugin refuses what it does not know.
      const args = options.args ? { args: `${options.args};IgnoreUnknown=1` } : {}
      const { ips } = await must(host, 'ADD', conf, { netns: a, ...args })
      t.strictSame(
        ips.map(({ address }: { address: string }) => address),
        addresses,
        what,
      )
      const [link] = await a.ip('address', 'show', 'dev', 'eth0')
      const seen = link.addr_info.map(
        ({ local, prefixlen }: { local: string; prefixlen: number }) => `${local}/${prefixlen}`,
      )
      t.strictSame(
        addresses.filter(address => !seen.includes(address)),
        [],
        'and they are there',
      )
      await must(host, 'DEL', conf, { netns: a, ...args })
      await host.sh('rm -r /var/lib/cni/networks')
    }
  }),
)

const ipamDns = { nameservers: ['10.88.0.53'], domain: 'of.ipam', search: ['of.ipam'] }
const dns: readonly (readonly [what: string, dns: unknown, expected: unknown])[] = [
  ['IPAM, where the configuration has none', undefined, ipamDns],
  ['IPAM, where it is empty', {}, ipamDns],
  ['IPAM, where it is null', null, ipamDns],
  [
    'the configuration',
    { nameservers: ['1.1.1.1'], options: ['ndots:2'] },
    { nameservers: ['1.1.1.1'], options: ['ndots:2'] },
  ],
  ['the configuration, be it an empty list', { nameservers: [] }, undefined],
]

t.test('DNS comes from', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    for (const [what, given, expected] of dns) {
      const ipam = { type: 'static', addresses: [{ address: '10.88.0.7/24' }], dns: ipamDns }
      const conf = bridgeConf({ ipam, ...(given === undefined ? {} : { dns: given }) })
      const result = await must(host, 'ADD', conf, { netns: a })
      t.strictSame(result.dns, expected, what)
      await must(host, 'DEL', conf, { netns: a })
    }
  }),
)
