import t, { type Test } from 'tap'
import { call, must } from '../support/call.ts'
import { type Dhcp, dhcpConf, withDhcp } from '../support/dhcp.ts'
import { until } from '../support/until.ts'

const conf = dhcpConf()
const del = { netns: '/run/netns/a', containerId: 'a' }

/** A container that has renamed its interface, and its address. */
async function renamed({ host }: Dhcp): Promise<string> {
  const { ips } = await must(host, 'ADD', conf, { netns: await host.sandbox('a') })
  await host.sh('ip -n a link set eth0 down; ip -n a link set eth0 name zz')
  return ips[0].address.split('/')[0]
}

async function isGivenBack(t: Test, { host, server }: Dhcp, address: string): Promise<void> {
  t.match(await call(host, 'DEL', conf, del), { code: 0, stdout: '' })
  const said = await until(async () => server.said().includes(`DHCPRELEASE(eth0) ${address}`) || undefined)
  t.ok(said, 'the server is told')
  t.equal((await server.leases()).trim(), '')
  t.equal((await host.sh('ip netns pids a')).trim(), '', 'no process is left')
}

t.test('DEL gives back the lease of an interface that the container has renamed', t =>
  withDhcp(t, async dhcp => isGivenBack(t, dhcp, await renamed(dhcp))),
)

t.test('and of one whose name another link has, which a client that has renewed knows by its own', t =>
  withDhcp(t, async dhcp => {
    const { host, server } = dhcp
    const address = await renamed(dhcp)
    await host.sh(`ip -n a link set zz up; kill -USR1 $(ip netns pids a)`)
    const acks = async () => (server.said().match(/DHCPACK/g) ?? []).length === 2 || undefined
    t.ok(await until(acks, 9_000), 'the lease is renewed under the new name')
    t.match(await host.sh('ip -n a -4 address show dev zz'), `inet ${address}/`)
    const [link] = await host.ip('-n', 'a', 'link', 'show', 'dev', 'zz')
    t.equal(link.altnames, undefined, 'no other name is left on it')
    await host.sh('ip -n a link add eth0 type bridge')
    await isGivenBack(t, dhcp, address)
  }),
)

t.test('and without the daemon', t =>
  withDhcp(t, async dhcp => {
    const address = await renamed(dhcp)
    await dhcp.host.sh('ip -n a link set zz up')
    await dhcp.daemon.stop('SIGKILL')
    await isGivenBack(t, dhcp, address)
  }),
)
