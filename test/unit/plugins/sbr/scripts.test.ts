import t from 'tap'
import { type FakeKernelOptions, type FakeLink, fakeKernel, routingAnswer } from '../../../support/kernel.ts'
import { operate, scripts } from '../../../support/operate.ts'

const eth0: FakeLink = { ifname: 'eth0', mtu: 1500, flags: ['UP', 'LOWER_UP'], addr_info: [] }
const own = { type: '1', dev: 'eth0', table: '254' }
const v4 = { ...own, dst: '10.88.0.0/16', protocol: '2', scope: '253', prefsrc: '10.88.0.2', flags: [] }
const v6 = { ...own, protocol: '2', metric: 256, flags: [] }
const out = { ...own, dst: 'default', protocol: '3', scope: '0' }
const run = routingAnswer({
  4: {
    routes: [
      { ...out, gateway: '10.88.0.1', metrics: [{ mtu: 1400 }] },
      v4,
      { ...v4, dst: '10.89.0.0/16', prefsrc: '10.89.0.2' },
      { ...out, dst: '10.200.0.0/16', gateway: '10.89.0.254' },
      { ...out, dst: '10.201.0.0/16', dev: 'eth1' },
      { ...v4, type: '2', dst: '10.88.0.2', table: '255' },
      { ...own, dst: '10.202.0.0/16', table: '100' },
    ],
    rules: [{ priority: 32766, src: 'all', table: '254' }],
  },
  6: {
    routes: [
      { ...v6, dst: 'fd00:88::/64' },
      { ...v6, dst: 'fe80::/64' },
      { ...v6, type: '5', dst: 'ff00::/8', table: '255' },
      { ...v6, dst: 'default', protocol: '3', metric: 1024, gateway: 'fe80::1' },
      { ...v6, dst: 'default', protocol: '9', metric: 1024, gateway: 'fe80::9' },
    ],
    rules: [{ priority: 32766, src: 'all', table: '254' }],
  },
})
const prevResult = {
  interfaces: [{ name: 'cni0' }, { name: 'veth0' }, { name: 'eth0', sandbox: '/run/netns/a' }],
  ips: [
    { address: '10.88.0.2/16', gateway: '10.88.0.1', interface: 2 },
    { address: 'fd00:88:0::2/64', gateway: 'fd00:88::1', interface: 2 },
  ],
}
const another = { address: '10.89.0.2/16', gateway: '10.89.0.1', interface: 2 }

/** Configurations of sbr that differ in what the kernel is told. */
const rows: Readonly<Record<string, object>> = {
  'an address of each family': {},
  'two addresses of one family': { prevResult: { ...prevResult, ips: [prevResult.ips[0], another] } },
  'gateways of its own': { gateways: ['10.88.0.254', 'fd00:88::fe'] },
  'source hints': { addSourceHints: true },
  'a table of somebody’s': { table: 4000 },
}

const host = (): FakeKernelOptions => ({ inside: [eth0], run, files: { '/proc/sys/net/ipv6': { kind: 'directory' } } })

for (const [name, conf] of Object.entries(rows)) {
  t.test(`the kernel is told for ${name}`, async t => {
    const kernel = fakeKernel(host())
    const whole = { cniVersion: '1.1.0', name: 'net1', type: 'sbr', prevResult, ...conf }
    await operate(kernel, 'ADD', whole)
    t.matchSnapshot(scripts(kernel, 0), 'by ADD')
    const added = kernel.heard.length
    await operate(kernel, 'DEL', whole)
    t.matchSnapshot(scripts(kernel, added), 'by DEL')
    t.equal(kernel.open(), 0, 'no process is left open')
    t.same(
      [...kernel.files.entries.keys()].filter(path => /claims\/|attachments\//.test(path)),
      [],
      'and no file',
    )
  })
}
