import t from 'tap'
import { type Conf, call, must } from '../support/call.ts'
import { type Dhcp, dhcpConf, leaseFiles, withDhcp } from '../support/dhcp.ts'
import type { Sandbox } from '../support/host.ts'
import { until } from '../support/until.ts'

const conf: Conf = { ...dhcpConf(), type: 'dhcp' }

/** A sandbox with a link as another vendor's plugin makes one: a port of the bridge, down in the sandbox. */
async function linked({ host }: Dhcp, name: string): Promise<Sandbox> {
  const sandbox = await host.sandbox(name)
  await host.sh(`
    ip link add port-${name} type veth peer name eth0 netns ${name}
    ip link set port-${name} master br0 up`)
  return sandbox
}

t.test("As another plugin's IPAM it sets the link up, and says what is leased", t =>
  withDhcp(t, async dhcp => {
    const { host, server } = dhcp
    const a = await linked(dhcp, 'a')
    const result = await must(host, 'ADD', conf, { netns: a })
    t.match(result, {
      cniVersion: '1.1.0',
      ips: [{ address: /^10\.50\.0\.1\d\d\/24$/, gateway: '10.50.0.1' }],
      routes: [{ dst: '0.0.0.0/0', gw: '10.50.0.1' }],
    })
    t.notOk('interfaces' in result || 'interface' in result.ips[0])
    t.ok((await a.ip('link', 'show', 'dev', 'eth0'))[0].flags.includes('UP'))
    t.strictSame(await must(host, 'ADD', conf, { netns: a }), result, 'a second ADD gives the same lease')
    t.equal((await server.leases()).trim().split('\n').length, 1)
    await must(host, 'CHECK', { ...conf, prevResult: result }, { netns: a })
    const checked = await call(host, 'CHECK', { ...conf, prevResult: { ...result, ips: [] } }, { netns: a })
    t.match(checked, { code: 1, error: { code: 999 } })
    t.match(await call(host, 'DEL', conf, { netns: a }), { code: 0, stdout: '' })
    t.equal((await server.leases()).trim(), '', 'the good-bye is sent though nobody gave the link the address')
    t.match(await call(host, 'DEL', conf, { netns: a }), { code: 0, stdout: '' })
  }),
)

t.test('Other versions of the protocol are answered in their way', t =>
  withDhcp(t, async dhcp => {
    const a = await linked(dhcp, 'a')
    const old = await must(dhcp.host, 'ADD', { ...conf, cniVersion: '0.2.0' }, { netns: a })
    t.match(old, { cniVersion: '0.2.0', ip4: { ip: /^10\.50\.0\./, gateway: '10.50.0.1' } })
    t.match(await must(dhcp.host, 'ADD', { ...conf, cniVersion: '0.4.0' }, { netns: a }), { ips: [{ version: '4' }] })
  }),
)

t.test('CNI_ARGS may hold what no other plugin takes', t =>
  withDhcp(t, async dhcp => {
    const provide = [{ option: 'vendor-class-identifier', fromArg: 'NAME' }]
    const a = await linked(dhcp, 'a')
    await must(
      dhcp.host,
      'ADD',
      { ...conf, ipam: { type: 'dhcp', provide } },
      { netns: a, args: 'x;NAME=a=b;UNKNOWN=1' },
    )
    t.match(dhcp.server.said(), /vendor class: a=b/)
  }),
)

t.test('Wrong sandboxes are refused, and leave nothing', t =>
  withDhcp(t, async dhcp => {
    const { host } = dhcp
    await host.sandbox('empty')
    const rows: readonly (readonly [netns: string, code: number, msg: RegExp])[] = [
      ['/run/netns/none', 4, /\/run\/netns\/none is no network namespace/],
      ['/etc/hostname', 4, /\/etc\/hostname is no network namespace/],
      ['/run/netns/empty', 4, /Cannot set eth0 up in \/run\/netns\/empty/],
      ['/proc/self/ns/net', 8, /should not be the same/],
    ]
    for (const [netns, code, msg] of rows) {
      t.match(await call(host, 'ADD', conf, { netns, containerId: 'c1' }), { code: 1, error: { code, msg } }, netns)
    }
    t.same(await leaseFiles(host), [])
  }),
)

t.test('DEL during an ADD ends that', t =>
  withDhcp(t, async dhcp => {
    const { host, server } = dhcp
    await server.stop()
    const a = await linked(dhcp, 'a')
    const adding = call(host, 'ADD', conf, { netns: a })
    t.ok(await until(async () => (await leaseFiles(host)).length === 1 || undefined))
    await must(host, 'DEL', conf, { netns: a })
    t.match(await adding, { code: 1, error: { code: 11, msg: /it was given up/ } })
    t.same(await leaseFiles(host), [])
    t.equal((await host.sh('ip netns pids a')).trim(), '')
  }),
)

t.test('A server that names no subnet mask is told of', t =>
  withDhcp(
    t,
    async dhcp => {
      const a = await linked(dhcp, 'a')
      const { error } = await call(dhcp.host, 'ADD', conf, { netns: a })
      t.match(error, { code: 999, msg: /the server 10\.50\.0\.1 names no subnet mask \(option 1\)/ })
    },
    [],
    ['--dhcp-range=10.50.0.100,10.50.0.199,255.255.255.0,120', '--dhcp-option=1'],
  ),
)
