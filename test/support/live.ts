/** What a network that the repository shows does for a container, from ADD to DEL. */
import t, { type Test } from 'tap'
import { networkPrefix } from '../../lib/cnm/names.ts'
import { type Attachment, type Conflist, chain, versionFor } from './chain.ts'
import { dnsmasq, serverMachine, startDaemon } from './dhcp.ts'
import type { Example } from './example.ts'
import { type Host, type Sandbox, withHost } from './host.ts'
import { tellEncrypted } from './overlay-told.ts'

const mac = '02:00:5e:10:00:01'
const portMappings = [
  { hostPort: 8080, containerPort: 80, protocol: 'tcp' },
  { hostPort: 5353, containerPort: 53, protocol: 'udp', hostIP: '0.0.0.0' },
]
const bandwidth = { ingressRate: 10_000_000, ingressBurst: 1_000_000, egressRate: 20_000_000, egressBurst: 2_000_000 }

interface Ipam {
  readonly type?: string
  readonly subnet?: string
  readonly ranges?: readonly (readonly { readonly subnet: string; readonly rangeStart?: string }[])[]
  readonly addresses?: readonly { readonly address: string }[]
}

/** An address that the network can give, for a runtime that asks for one. */
function addressFor({ plugins }: Conflist): string {
  const ipam = (plugins[0]?.ipam ?? {}) as Ipam
  const range = ipam.ranges?.[0]?.[0]
  if (range?.rangeStart) return `${range.rangeStart}/${range.subnet.split('/')[1]}`
  const known = ipam.subnet ?? ipam.ranges?.[0]?.[0]?.subnet ?? ipam.addresses?.[0]?.address ?? '10.96.0.0/24'
  return known.replace(/\d*\/(\d+)$/, '77/$1')
}

/** What a network by DHCP needs on its bridge. */
async function serveBridge(t: Test, host: Host, bridge: string | undefined): Promise<void> {
  await dnsmasq(t, host, await serverMachine(host, bridge))
  await startDaemon(t, host)
}

const declares = ({ plugins }: Conflist, capability: string): boolean =>
  plugins.some(plugin => (plugin.capabilities as Record<string, boolean> | undefined)?.[capability] === true)

/** What a container leaves if nobody looks after it: links, nftables elements (names of bridges apart), records, leases. */
async function leftovers(host: Host, sandbox: Sandbox): Promise<string[]> {
  const inside = (await sandbox.ip('link')).map(({ ifname }) => ifname).filter(name => name !== 'lo')
  const links = (await host.ip('link')).map(({ ifname }) => ifname).filter(name => /^(veth|bwp|ifb)/.test(name))
  const ofBridges = /^elements = \{ ("[^"]+") \. \1 \}$/
  const elements = ((await host.ruleset()).match(/elements = .*/g) ?? []).filter(each => !ofBridges.test(each))
  const owned = /\/attachments\/|\/dhcp\/|\/networks\/[^/]+\/[0-9a-f]+[.:]/
  const files = Object.keys(await host.files()).filter(path => owned.test(path))
  return [...inside, ...links, ...elements, ...files]
}

// biome-ignore lint/suspicious/noExplicitAny: a result as the plugin prints it
function checkResult(t: Test, result: any, rules: string, { list }: Example, { ifName, netns }: Attachment): void {
  const path = (netns as Sandbox).path
  const own = result.interfaces.find((each: { sandbox?: string }) => each.sandbox === path)
  t.ok([ifName, 'lo'].includes(own?.name), 'ADD names the interface of the container')
  if (declares(list, 'mac')) t.equal(own.mac, mac, 'it has the MAC address that the runtime asks for')
  if (declares(list, 'portMappings')) t.match(rules, /tcp \. 8080 comment "\S+ eth0 c1" : \S+ \. 80/, 'and the port')
  if (declares(list, 'ips')) t.equal(result.ips[0].address, addressFor(list), 'and the address')
}

/** Devices of the host that a network is about, and is not to make by itself. */
async function makeDevices(host: Host, { plugins }: Conflist): Promise<void> {
  for (const { device, hwaddr, master, parent } of plugins) {
    const name = device ?? master ?? parent ?? (hwaddr === undefined ? undefined : 'card0')
    if (typeof name !== 'string') continue
    const address = hwaddr === undefined ? '' : `address ${hwaddr}`
    await host.sh(
      `ip link add ${name} ${address} type veth peer name far0 && ip link set ${name} up && ip link set far0 up`,
    )
    // Whom containers are to reach on their host.
    if (name === master) await host.sh(`ip address add 203.0.113.1/24 dev ${name}`)
  }
}

/** What an agent tells of a network whose hosts etcd knows: this host has the block of the address that is asked for. */
async function pretendAgent(host: Host, list: Conflist): Promise<void> {
  const [plugin] = list.plugins
  if ((plugin?.controlPlane as { type?: string } | undefined)?.type !== 'etcd') return
  if (plugin?.encrypted) await tellEncrypted(host, [])
  const block = addressFor(list).replace(/\.77\/.*$/, '.64/26')
  const document = { version: 1, address: '192.0.2.1', nodes: [{ address: '192.0.2.1', blocks: [block] }] }
  const files = { [`overlay/${networkPrefix(list.name)}`]: document, 'overlay-agent/state': { at: Date.now() } }
  for (const [name, value] of Object.entries(files)) {
    const path = `/var/lib/cni/fairlead/${name}`
    await host.sh(`mkdir -p "$(dirname ${path})" && echo '${JSON.stringify(value)}' >${path}`)
  }
}

async function live(t: Test, host: Host, example: Example): Promise<void> {
  await makeDevices(host, example.list)
  const { ipam, bridge } = example.list.plugins[0] as { ipam?: Ipam; bridge?: string }
  if (ipam?.type === 'dhcp') await serveBridge(t, host, bridge)
  await pretendAgent(host, example.list)
  const sandbox = await host.sandbox('c1')
  const attachment = { containerId: 'c1', ifName: 'eth0', netns: sandbox }
  const capabilities = { mac, ips: [addressFor(example.list)], portMappings, bandwidth }
  const network = chain(host, example.list, { ...attachment, capabilities })
  const valid = [{ containerID: attachment.containerId, ifname: attachment.ifName }]
  // A runtime asks for them only where the protocol has them.
  const collects = versionFor(example.list) === '1.1.0'
  if (collects) await network.STATUS()
  checkResult(t, await network.ADD(), await host.ruleset(), example, attachment)
  await network.CHECK()
  if (collects) await network.GC(valid)
  await network.CHECK()
  await network.DEL()
  t.same(await leftovers(host, sandbox), [], 'DEL leaves nothing')
  if (!collects) return
  await network.ADD()
  await network.GC([])
  t.same(await leftovers(host, sandbox), [], 'GC leaves nothing of a container that is no longer valid')
}

/** A test for each network. */
export function liveThrough(examples: readonly Example[]): void {
  for (const example of examples) {
    t.test(`${example.title} works from ADD to DEL`, t => withHost(t, host => live(t, host, example)))
  }
}
