/** The calls that nerdctl makes, in its order and with its spelling of keys. No nerdctl runs here: test/e2e has that. */
import t, { type Test } from 'tap'
import { type Attachment, type Conflist, chain } from '../support/chain.ts'
import { textOf } from '../support/example.ts'
import { bin, type Host, type Sandbox, withHost } from '../support/host.ts'
import { settles, stateOf } from '../support/state.ts'

/** What nerdctl writes, for a network of the same shape. */
function networkOf(name: string, subnet: string): Conflist {
  const list = JSON.parse(textOf('conf/20-nerdctl.conflist')) as Conflist
  const ipam = { type: 'host-local', ranges: [[{ subnet }]], routes: [{ dst: '0.0.0.0/0' }] }
  const plugins = list.plugins.map(plugin => (plugin.type === 'bridge' ? { ...plugin, bridge: name, ipam } : plugin))
  return { ...list, name, plugins }
}

const networks = [networkOf('ta', '10.99.31.0/24'), networkOf('tb', '10.99.32.0/24')]
const portMappings = [{ HostPort: 18_080, ContainerPort: 80, Protocol: 'tcp', HostIP: '0.0.0.0' }]

/** One container on all networks, as nerdctl names it. */
function container(host: Host, id: string, netns: Sandbox | string) {
  return networks.map((list, index) => {
    const args = 'IgnoreUnknown=1;NERDCTL_CNI_DHCP_HOSTNAME=n1'
    const attachment: Attachment = { containerId: `default-${id}`, ifName: `eth${index}`, netns, args }
    return chain(host, list, { ...attachment, capabilities: { portMappings } })
  })
}

const id = 'c'.repeat(64)

/** From one start to the end of the process, with which its namespace goes; what the container had there. */
async function cycle(host: Host): Promise<readonly string[]> {
  const sandbox = await host.sandbox('n1')
  const del = async () => {
    for (const each of container(host, id, '')) await each.DEL()
  }
  await del()
  await Promise.all(container(host, id, sandbox).map(each => each.ADD()))
  const names = (await sandbox.ip('link')).map(({ ifname }) => String(ifname))
  await sandbox.remove()
  await del()
  await del()
  return names.filter(name => name !== 'lo').sort()
}

async function life(t: Test, host: Host): Promise<void> {
  await cycle(host)
  const clean = await stateOf(host)
  t.same(await cycle(host), ['eth0', 'eth1'], 'networks that are joined at a time are all there')
  await settles(t, host, clean, 'DEL without a namespace and without the result leaves nothing')
}

t.test('a container on two networks, both joined at once, comes and goes, twice', t =>
  withHost(t, host => life(t, host)),
)

t.test('firewall says which version it is to who asks nothing', t =>
  withHost(t, async host => {
    const { code, stderr } = await host.exec([`${bin}/firewall`])
    t.equal(code, 0)
    const [, major, minor, patch] = /^CNI firewall plugin v(\d+)\.(\d+)\.(\d+)\s*$/m.exec(stderr)?.map(Number) ?? []
    const version = ((major ?? 0) * 1_000 + (minor ?? 0)) * 1_000 + (patch ?? 0)
    t.ok(version >= 1_009_001, 'as new as the reference, which can keep neighbours apart')
  }),
)
