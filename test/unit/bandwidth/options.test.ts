import t from 'tap'
import type { JsonObject } from '../../../lib/cni/json.ts'
import type { Request } from '../../../lib/cni/request.ts'
import { readOptions } from '../../../plugins/bandwidth/options.ts'

const read = (conf: JsonObject) =>
  readOptions({
    operation: 'ADD',
    containerId: 'c1',
    netns: '/run/netns/c1',
    ifName: 'eth0',
    args: '',
    path: [],
    network: 'net1',
    cniVersion: '1.1.0',
    conf,
    text: '',
  } satisfies Request)

/** Rates and bursts in bytes. */
const limits = (conf: JsonObject) => {
  const { ingress, egress } = read(conf).value
  return [ingress, egress].map(limit => (limit ? [limit.rate, limit.burst] : []))
}

t.test('a limit is read as bits, and kept as bytes', async t => {
  t.same(limits({ ingressRate: 8_000_000, ingressBurst: 800_000 }), [[1_000_000, 100_000], []])
  t.same(limits({ egressRate: 1_000_001, egressBurst: 999_999 }), [[], [125_000, 124_999]])
  t.same(limits({ egressRate: 8 }), [[], [1, undefined]])
})

t.test('a direction with nothing but zeros is unlimited', async t => {
  t.same(limits({}), [[], []])
  t.same(limits({ ingressRate: 0, ingressBurst: 0, egressRate: 8_000, egressBurst: 0 }), [[], [1_000, undefined]])
  t.same(limits({ ingressRate: null, egressRate: null }), [[], []])
})

t.test('keys match in any case, and numbers need more than 32 bits', async t => {
  const bandwidth = { IngressRate: 40_000_000_000, IngressBurst: 30_000_000_000, EgressRate: 0, EgressBurst: 0 }
  t.same(limits({ runtimeConfig: { bandwidth } }), [[5_000_000_000, 3_750_000_000], []])
  t.same(limits({ RUNTIMECONFIG: { Bandwidth: { egressrate: 9007199254740991 } } }), [
    [],
    [1125899906842623, undefined],
  ])
})

t.test('one key of the network is enough for what the runtime says to be ignored', async t => {
  const runtimeConfig = { bandwidth: { ingressRate: 8_000, egressRate: 16_000 } }
  t.same(limits({ runtimeConfig }), [
    [1_000, undefined],
    [2_000, undefined],
  ])
  t.same(limits({ egressRate: 8_000_000, runtimeConfig }), [[], [1_000_000, undefined]])
  t.same(limits({ egressBurst: 0, runtimeConfig }), [[], []])
})

t.test('subnets of the network count for rates of the runtime, unless it has its own', async t => {
  const bandwidth = { ingressRate: 8_000 }
  t.match(read({ shapedSubnets: ['10.0.0.0/8'], runtimeConfig: { bandwidth } }).value, {
    peers: 'within',
    subnets: [{ family: 4, prefix: 8 }],
  })
  const own = { ...bandwidth, unshapedSubnets: ['fd00::/8'] }
  t.match(read({ shapedSubnets: ['10.0.0.0/8'], runtimeConfig: { bandwidth: own } }).value, {
    peers: 'outside',
    subnets: [{ family: 6, prefix: 8 }],
  })
  t.match(read({ shapedSubnets: [], unshapedSubnets: [], ...bandwidth }).value, { peers: 'all', subnets: [] })
})

t.test('a burst that nobody chose, or of more than a second, is ours, and the log says so', async t => {
  const rows = [
    [1_000_000, 1_000_001],
    [10_000_000, 4294967295],
    [100_000_000_000, 4294967295],
    [100_000_000_000, 34359738359],
    [100_000_000_000, 34359738368],
  ]
  for (const [ingressRate = 0, ingressBurst = 0] of rows) {
    const { value, notes } = read({ ingressRate, ingressBurst })
    t.same(value.ingress, { rate: Math.floor(ingressRate / 8), burst: undefined })
    t.match(notes, [new RegExp(`^ingressBurst ${ingressBurst} would let ingressRate ${ingressRate} be exceeded`)])
  }
  t.same(read({ ingressRate: 1_000_000, ingressBurst: 1_000_000 }).notes, [])
})

const refusals: readonly (readonly [JsonObject, RegExp])[] = [
  [{ ingressRate: -1 }, /ingressRate must be at least 0/],
  [{ ingressBurst: -8, ingressRate: 8 }, /ingressBurst must be at least 0/],
  [{ egressRate: 1.5 }, /egressRate must be of type integer/],
  [{ egressRate: '8000' }, /egressRate must be of type integer/],
  [{ egressRate: true }, /egressRate must be of type integer/],
  [{ egressRate: 2 ** 60 }, /egressRate must be at most 9007199254740991/],
  [{ egressRate: 8, egressBurst: 2 ** 64 }, /egressBurst must be at most 9007199254740991/],
  [{ ingressBurst: 800 }, /ingressBurst is 800 without a rate. Set ingressRate too/],
  [{ egressRate: 0, egressBurst: 1 }, /egressBurst is 1 without a rate/],
  [{ egressRate: 7 }, /egressRate is 7, less than a byte in a second/],
  [{ egressRate: 8, shapedSubnets: ['10.0.0.0/8'], unshapedSubnets: ['fd00::/8'] }, /exclude each other/],
  [{ egressRate: 8, shapedSubnets: ['10.0.0.0'] }, /shapedSubnets has "10.0.0.0", which is no subnet/],
  [{ egressRate: 8, unshapedSubnets: ['fd00::/129'] }, /unshapedSubnets has "fd00::\/129"/],
  [{ egressRate: 8, unshapedSubnets: '10.0.0.0/8' }, /unshapedSubnets must be of type array/],
  [{ egressRate: 8, shapedSubnets: [8] }, /shapedSubnets\[0\] must be of type string/],
  [{ egressRate: 8, shapedSubnets: Array.from({ length: 1001 }, () => '10.0.0.0/8') }, /more than 1000 subnets/],
  [{ runtimeConfig: { bandwidth: 8 } }, /runtimeConfig.bandwidth must be of type object/],
  [
    { runtimeConfig: { bandwidth: { IngressRate: 'x' } } },
    /runtimeConfig.bandwidth.ingressRate must be of type integer/,
  ],
]

t.test('what makes no sense is refused, by its name', async t => {
  for (const [conf, message] of refusals)
    t.throws(() => read(conf), { code: 7, message }, JSON.stringify(conf).slice(0, 90))
})
