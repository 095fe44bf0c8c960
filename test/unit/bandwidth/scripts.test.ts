import t from 'tap'
import { type FakeLink, fakeKernel } from '../../support/kernel.ts'
import { operate, scripts } from '../../support/operate.ts'

const veth = (mtu: number): FakeLink => ({
  ifname: 'veth0',
  address: '02:00:00:00:00:01',
  mtu,
  flags: ['UP', 'LOWER_UP'],
  linkinfo: { info_kind: 'veth' },
})
const prevResult = {
  interfaces: [
    { name: 'cni0', mac: '02:00:00:00:00:02' },
    { name: 'veth0', mac: '02:00:00:00:00:01' },
    { name: 'eth0', mac: '02:00:00:00:00:03', sandbox: '/run/netns/a' },
  ],
  ips: [{ address: '10.88.0.2/16', interface: 2 }],
}
const subnets = ['10.0.0.0/8', 'fd00::/33', '0.0.0.0/0']

/** Configurations of bandwidth that differ in what the kernel is told. */
const rows: Readonly<Record<string, { readonly conf: object; readonly mtu?: number }>> = {
  'what goes to the container': { conf: { ingressRate: 8_000_000, ingressBurst: 800_000 } },
  'what comes from it': { conf: { egressRate: 800_000_000, egressBurst: 4_000_000 } },
  'both, with bursts of ours': { conf: { ingressRate: 1_000_000, egressRate: 1_000_000_000 } },
  'a burst that is less than a packet': { conf: { egressRate: 100_000_000, egressBurst: 8_000 } },
  'jumbo frames': { conf: { ingressRate: 8_000 }, mtu: 9000 },
  'the fastest there is': { conf: { ingressRate: 9007199254740991 } },
  'some subnets': { conf: { ingressRate: 8_000_000, egressRate: 8_000_000, shapedSubnets: subnets } },
  'all but some subnets': { conf: { egressRate: 8_000_000, unshapedSubnets: subnets } },
}

for (const [name, { conf, mtu = 1500 }] of Object.entries(rows)) {
  t.test(`the kernel is told to limit ${name}`, async t => {
    const host = fakeKernel({ links: [veth(mtu)] })
    const whole = { cniVersion: '1.1.0', name: 'net1', type: 'bandwidth', prevResult, ...conf }
    const result = await operate(host, 'ADD', whole)
    t.matchSnapshot(scripts(host, 0), 'by ADD')
    t.matchSnapshot(result?.interfaces.slice(3), 'and its answer has')
    const added = host.heard.length
    await operate(host, 'DEL', whole)
    t.matchSnapshot(scripts(host, added), 'by DEL')
    t.equal(host.open(), 0, 'no process is left open')
  })
}

t.test('without limits the kernel is told nothing', async t => {
  const host = fakeKernel({ links: [veth(1500)] })
  const whole = { cniVersion: '1.1.0', name: 'net1', type: 'bandwidth', prevResult }
  t.match(await operate(host, 'ADD', whole), { interfaces: { length: 3 } })
  t.equal(scripts(host, 0), '')
})
