import t from 'tap'
import { type CallOptions, type Conf, call, must } from '../support/call.ts'
import { withHost } from '../support/host.ts'

type Keys = Readonly<Record<string, unknown>>

const give = (ipam: Keys | undefined, change: Keys = {}): Conf => ({
  cniVersion: '1.1.0',
  name: 'net1',
  ...(ipam ? { ipam: { type: 'static', ...ipam } } : {}),
  ...change,
  type: 'static',
})
const netns = '/run/netns/x'
const one = { addresses: [{ address: '10.1.2.3/24', gateway: '10.1.2.254' }] }
const configured = { address: '10.1.2.3/24', gateway: '10.1.2.254' }

const sources: readonly (readonly [what: string, conf: Conf, options: CallOptions, ips: readonly Keys[]])[] = [
  ['the configuration', give(one), {}, [configured]],
  [
    'CNI_ARGS, after the configuration',
    give(one),
    { args: 'IP=10.5.0.7/16' },
    [configured, { address: '10.5.0.7/16' }],
  ],
  [
    'CNI_ARGS with gateways for their own addresses',
    give(one),
    { args: 'IP=10.5.0.7/16, fd00::7/64;GATEWAY=fd00::1,10.5.0.1,10.1.2.1' },
    [configured, { address: '10.5.0.7/16', gateway: '10.5.0.1' }, { address: 'fd00::7/64', gateway: 'fd00::1' }],
  ],
  [
    'args.cni.ips, instead of both',
    give(one, { args: { cni: { ips: ['10.6.0.1/16'] } } }),
    { args: 'IP=10.5.0.7/16' },
    [{ address: '10.6.0.1/16' }],
  ],
  [
    'runtimeConfig.ips, instead of all',
    give(one, { args: { cni: { ips: ['10.6.0.1/16'] } }, runtimeConfig: { ips: ['10.7.0.1/16', 'FD00:0::9/64'] } }),
    {},
    [{ address: '10.7.0.1/16' }, { address: 'fd00::9/64' }],
  ],
  [
    'runtimeConfig.ips, where each counts once',
    give(one, { runtimeConfig: { ips: ['10.7.0.1/16', '10.7.0.1/16'] } }),
    {},
    [{ address: '10.7.0.1/16' }],
  ],
  [
    'the configuration, where the others are empty',
    give(one, { args: { cni: { ips: [] } }, runtimeConfig: { ips: null } }),
    {},
    [configured],
  ],
]

t.test('Addresses come from', t =>
  withHost(t, async host => {
    for (const [what, conf, options, ips] of sources) {
      t.strictSame((await must(host, 'ADD', conf, { netns, ...options })).ips, ips, what)
    }
    t.strictSame(
      Object.keys(await host.files()).filter(path => path.includes('networks')),
      [],
      'nothing is leased',
    )
  }),
)

t.test('Routes and DNS reach the result as they are, equal destinations too', t =>
  withHost(t, async host => {
    const routes = [
      { dst: '10.9.0.0/16', gw: '10.1.2.1' },
      { dst: '10.9.0.0/16', gw: '10.1.2.2', mtu: 1400, table: 0 },
    ]
    const dns = { nameservers: ['10.1.2.53'], domain: 'a.b', search: ['a.b'], options: ['ndots:2'] }
    const result = await must(host, 'ADD', give({ ...one, routes, dns }), { netns })
    t.strictSame(result, { cniVersion: '1.1.0', ips: [configured], routes, dns })
  }),
)

const refused: Readonly<Record<string, readonly [conf: Conf, options: CallOptions, code: number]>> = {
  'no ipam': [give(undefined), {}, 7],
  'an address without prefix length': [give({ addresses: [{ address: '10.1.2.3' }] }), {}, 7],
  'an address that is none': [give({ addresses: [{ address: '10.1.2.300/24' }] }), {}, 7],
  'a prefix length that is none': [give({ addresses: [{ address: '10.1.2.3/33' }] }), {}, 7],
  'a gateway that is none': [give({ addresses: [{ address: '10.1.2.3/24', gateway: 'x' }] }), {}, 7],
  'addresses of the wrong type': [give({ addresses: '10.1.2.3/24' }), {}, 7],
  'CNI_ARGS without prefix length': [give(one), { args: 'IP=10.5.0.7' }, 7],
  'a GATEWAY that is none': [give(one), { args: 'IP=10.5.0.7/16;GATEWAY=x' }, 7],
  'unknown CNI_ARGS': [give(one), { args: 'IP=10.5.0.7/16;COLOUR=blue' }, 4],
  'runtimeConfig.ips without prefix length': [give(one, { runtimeConfig: { ips: ['10.5.0.7'] } }), {}, 7],
  'an address of CNI_ARGS that the configuration has': [give(one), { args: 'IP=10.1.2.3/24' }, 7],
  'an address that stands for none': [give({ addresses: [{ address: '0.0.0.0/24' }] }), {}, 7],
  'a multicast address of runtimeConfig.ips': [give(one, { runtimeConfig: { ips: ['ff02::1/64'] } }), {}, 7],
  'two IPv4 addresses in 0.2.0': [give(one, { cniVersion: '0.2.0' }), { args: 'IP=10.5.0.7/16' }, 7],
}

t.test('ADD refuses', t =>
  withHost(t, async host => {
    for (const [name, [conf, options, code]] of Object.entries(refused)) {
      t.match(await call(host, 'ADD', conf, { netns, ...options }), { code: 1, error: { code, msg: /^Cannot / } }, name)
    }
  }),
)

t.test('Without any address the result is empty', t =>
  withHost(t, async host => {
    t.strictSame(await must(host, 'ADD', give({}), { netns }), { cniVersion: '1.1.0' })
  }),
)

t.test('DEL always succeeds, GC and STATUS too', t =>
  withHost(t, async host => {
    const broken = give({ addresses: [{ address: 'x' }] })
    for (const conf of [give(one), give(undefined), broken]) {
      t.match(await call(host, 'DEL', conf, { args: 'COLOUR=blue' }), { code: 0, stdout: '' })
      t.match(await call(host, 'GC', { ...conf, 'cni.dev/valid-attachments': [] }), { code: 0, stdout: '' })
    }
    t.match(await call(host, 'STATUS', give(one)), { code: 0, stdout: '' })
  }),
)

t.test('CHECK compares with prevResult', t =>
  withHost(t, async host => {
    const check = (prevResult: unknown) => call(host, 'CHECK', give(one, { prevResult }), { netns })
    t.match(await check({ cniVersion: '1.1.0', ips: [configured] }), { code: 0, stdout: '' })
    t.match(await check({ cniVersion: '1.1.0', ips: [{ ...configured, gateway: '10.1.2.1' }] }), {
      code: 1,
      error: { msg: /10\.1\.2\.3/ },
    })
    t.match(await check({ cniVersion: '1.1.0', ips: [] }), { code: 1, error: { msg: /10\.1\.2\.3/ } })
    t.match(await check(undefined), { code: 1, error: { code: 7, msg: /prevResult/ } })
  }),
)
