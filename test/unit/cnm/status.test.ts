import t from 'tap'
import { checkNeeds } from '../../../lib/cnm/status.ts'
import { fakeHost } from '../../../lib/host/fake.ts'
import { fakeKernel } from '../../support/kernel.ts'
import { operate } from '../../support/operate.ts'

const needs = { tools: [], modules: [], kernel: { BRIDGE_VLAN_FILTERING: 'VLAN filtering of bridges' } }
const release = { '/proc/sys/kernel/osrelease': '6.1.0\n' }
const packed = { '/proc/config.gz': '(gzip)', '/usr/bin/gzip': '' }
const without = 'CONFIG_BRIDGE=y\n# CONFIG_BRIDGE_VLAN_FILTERING is not set\n'
const withIt = 'CONFIG_BRIDGE=m\nCONFIG_BRIDGE_VLAN_FILTERING=y\n'

const hosts: Readonly<
  Record<string, readonly [files: Readonly<Record<string, string>>, unpacked: string, lacks: boolean]>
> = {
  'says so itself': [packed, without, true],
  'has no word of it': [packed, 'CONFIG_BRIDGE=y\n', true],
  'has it, by its own word,': [{ ...packed, '/boot/config-6.1.0': without }, withIt, false],
  'says so below /boot': [{ '/boot/config-6.1.0': without }, '', true],
  'has it, by what is below /boot,': [{ '/boot/config-6.1.0': withIt }, '', false],
  'says so beside its modules': [{ '/lib/modules/6.1.0/config': without }, '', true],
  'is silent': [{}, '', false],
  'is packed, where nothing unpacks it,': [{ '/proc/config.gz': '(gzip)' }, without, false],
}

for (const [what, [files, unpacked, lacks]] of Object.entries(hosts)) {
  t.test(`STATUS on a kernel that ${what} is ${lacks ? '50' : 'ready'}`, async t => {
    const run = () => ({ stdout: unpacked })
    const checked = checkNeeds(fakeHost({ files: { ...release, ...files }, run }), needs)
    if (!lacks) return t.resolves(checked)
    return t.rejects(checked, { code: 50, message: /VLAN filtering of bridges \(CONFIG_BRIDGE_VLAN_FILTERING\)/ })
  })
}

t.test('nothing is asked of the kernel where no option of it is needed', async t => {
  const host = fakeHost({ files: { ...release, ...packed } })
  await checkNeeds(host, { tools: [], modules: [] })
  t.same(host.heard, [])
})

const conf = { cniVersion: '1.1.0', name: 'net1' }
const chosen = { '/usr/sbin/ip': '', '/usr/bin/nsenter': '', '/usr/bin/tee': '' }

/** Configurations, and the option of the kernel that there is no use of them without. */
const links: readonly (readonly [change: Parameters<typeof operate>[2], option: string])[] = [
  [{ ...conf, type: 'vlan', master: 'up0', vlanId: 7 }, 'VLAN_8021Q'],
  [{ ...conf, type: 'macvlan', master: 'up0', vlan: 7 }, 'VLAN_8021Q'],
  [{ ...conf, type: 'macvlan', master: 'up0.7' }, 'VLAN_8021Q'],
  [{ ...conf, type: 'ipvlan', parent: 'up0.7' }, 'VLAN_8021Q'],
  [{ ...conf, type: 'macvlan', master: 'up0' }, 'MACVLAN'],
  [{ ...conf, type: 'ipvlan', master: 'up0' }, 'IPVLAN'],
  [{ ...conf, type: 'dummy' }, 'DUMMY'],
  [{ ...conf, type: 'vrf', vrfname: 'blue' }, 'NET_VRF'],
]

for (const [network, option] of links) {
  t.test(`STATUS of ${network.type} goes by what the kernel says of ${option}`, async t => {
    const all = [...new Set(links.map(([, each]) => `CONFIG_${each}=m`))]
    const on = (lines: readonly string[]) =>
      fakeKernel({ files: { ...release, ...packed, ...chosen }, run: () => ({ stdout: lines.join('\n') }) })
    await operate(on(all), 'STATUS', network)
    const lacking = on(all.filter(line => line !== `CONFIG_${option}=m`))
    await t.rejects(operate(lacking, 'STATUS', network), { code: 50, message: new RegExp(`\\(CONFIG_${option}\\)`) })
  })
}

/** Links that a parent is looked for among, besides up0, which the default route leads to. */
const down = {
  ifname: 'down0',
  link_type: 'ether',
  address: '02:00:00:00:00:98',
  mtu: 1400,
  flags: [],
  addr_info: [],
}
const loop = { ...down, ifname: 'lo0', link_type: 'loopback', flags: ['LOOPBACK'] }
const tun = { ...down, ifname: 'tun0', link_type: 'none' }
const roads = { '/proc/net/route': 'Iface\tDestination\n' }
const parents: readonly (readonly [
  change: object,
  files: Readonly<Record<string, string>>,
  why: RegExp | undefined,
])[] = [
  [{ master: 'up0' }, {}, undefined],
  [{}, {}, undefined],
  [{ parent: 'up0.7' }, {}, undefined],
  [{ master: 'up0', vlan: 7, mtu: 1500 }, {}, undefined],
  [{ master: 'nowhere' }, {}, /^Cannot use nowhere as parent: the host has no link of that name/],
  [{ master: 'nowhere', linkInContainer: true }, {}, undefined],
  [{ parent: 'nowhere.7' }, {}, /^Cannot use nowhere as parent/],
  [{ master: 'nowhere', vlan: 7 }, {}, /^Cannot use nowhere as parent/],
  [{}, roads, /^Cannot attach: there is no default route whose device could be the parent/],
  [{ master: 'lo0' }, {}, /^Cannot use lo0 as parent: it is no Ethernet interface, so no link of macvlan can be on it/],
  [{ master: 'lo0.7' }, {}, /^Cannot use lo0 as parent: it is no Ethernet interface, so no link of vlan can be on it/],
  [{ type: 'vlan', master: 'lo0' }, {}, /^Cannot use lo0 as parent/],
  [{ type: 'ipvlan', master: 'lo0' }, {}, /^Cannot use lo0 as parent/],
  [{ type: 'ipvlan', master: 'tun0' }, {}, undefined],
  [{ master: 'tun0' }, {}, /^Cannot use tun0 as parent: it is no Ethernet interface/],
  [{ master: 'down0', mtu: 1500 }, {}, /^Cannot use "mtu": 1500: down0, which the link is on, has 1400/],
]

for (const [change, files, why] of parents) {
  t.test(`STATUS of a parent with ${JSON.stringify(change)} ${why ? `is 50: ${why.source}` : 'is ready'}`, async t => {
    const host = fakeKernel({ files: { ...chosen, ...files }, links: [down, loop, tun] })
    const asked = operate(host, 'STATUS', { ...conf, type: 'macvlan', ...change })
    return why ? t.rejects(asked, { code: 50, message: why }) : t.resolves(asked)
  })
}

t.test('a link of a VLAN that stands needs nothing of the kernel', async t => {
  const standing = { ...down, ifname: 'up0.7', linkinfo: { info_kind: 'vlan' } }
  const files = { ...release, ...packed, ...chosen }
  const run = () => ({ stdout: 'CONFIG_MACVLAN=m' })
  const asked = (links: (typeof standing)[]) =>
    operate(fakeKernel({ files, run, links }), 'STATUS', { ...conf, type: 'macvlan', master: 'up0.7' })
  await t.resolves(asked([standing]))
  await t.rejects(asked([]), { code: 50, message: /no VLANs/ })
})
