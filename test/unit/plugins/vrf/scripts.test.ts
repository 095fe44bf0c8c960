import t from 'tap'
import { type FakeKernelOptions, type FakeLink, fakeKernel, routingAnswer } from '../../../support/kernel.ts'
import { operate, scripts } from '../../../support/operate.ts'

const address = (family: string, local: string, prefixlen: number, scope = 'global') => ({
  family,
  local,
  prefixlen,
  scope,
})
const eth0: FakeLink = {
  ifname: 'eth0',
  mtu: 1500,
  flags: ['UP', 'LOWER_UP'],
  addr_info: [
    address('inet', '10.88.0.2', 16),
    address('inet6', 'fd00:88::2', 64),
    { ...address('inet6', '2001:db8::2', 64), dynamic: true },
    { ...address('inet6', 'fd00:88::dd', 64), dadfailed: true },
    address('inet6', 'fe80::2', 64, 'link'),
  ],
}
const vrf = (name: string, table: number, group: string): FakeLink => ({
  ifname: name,
  mtu: 65575,
  flags: ['UP', 'LOWER_UP'],
  group,
  linkinfo: { info_kind: 'vrf', info_data: { table } },
  addr_info: [],
})
const blue = vrf('blue', 7, '64029')
const red = vrf('red', 1, 'default')
const out = { type: '1', dst: 'default', dev: 'eth0', table: '254', protocol: '3', scope: '0' }
const routes = (vrfs: readonly FakeLink[]) =>
  routingAnswer({
    4: {
      routes: [
        { ...out, gateway: '10.88.0.1' },
        { ...out, dst: '10.88.0.0/16', protocol: '2', scope: '253', prefsrc: '10.88.0.2' },
        { ...out, dst: '10.200.0.0/16', table: '2', scope: '253' },
      ],
      vrfs,
    },
    6: { routes: [{ ...out, gateway: 'fd00:88::1', metric: 1024 }], rules: [{ src: 'fd00:88::2', table: '3' }] },
  })
const prevResult = {
  interfaces: [{ name: 'cni0' }, { name: 'veth0' }, { name: 'eth0', sandbox: '/run/netns/a' }],
  ips: [{ address: '10.88.0.2/16', interface: 2 }],
}

/** Sandboxes that differ in what VRFs they have, and a configuration for each. */
const rows: Readonly<Record<string, { readonly conf?: object; readonly vrfs?: readonly FakeLink[] }>> = {
  'the first of a VRF': {},
  'the first, with a table': { conf: { table: 1000 } },
  'another one of a VRF': { vrfs: [blue] },
  'a VRF beside another one': { vrfs: [red] },
  'a VRF of somebody else’s': { conf: { vrfname: 'red' }, vrfs: [red] },
}

for (const [name, { conf, vrfs = [] }] of Object.entries(rows)) {
  t.test(`the kernel is told for ${name}`, async t => {
    const options: FakeKernelOptions = { inside: [eth0, ...vrfs], run: routes(vrfs) }
    const kernel = fakeKernel({ ...options, files: { '/proc/sys/net/ipv6': { kind: 'directory' } } })
    const whole = { cniVersion: '1.1.0', name: 'net1', type: 'vrf', vrfname: 'blue', prevResult, ...conf }
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
