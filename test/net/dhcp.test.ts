import t from 'tap'
import { call, must } from '../support/call.ts'
import { type Dhcp, dhcpConf, withDhcp } from '../support/dhcp.ts'

const conf = dhcpConf()
const none = { containerId: '', ifName: '' }

/** Attaches a container and gives its address. */
async function add({ host }: Dhcp, netns: Parameters<typeof must>[3], change = conf): Promise<string> {
  const { ips } = await must(host, 'ADD', change, netns)
  return ips[0].address.split('/')[0]
}

t.test('A container gets what a server on its network leases, and it works', t =>
  withDhcp(t, async ({ host, server, machine }) => {
    const a = await host.sandbox('a')
    const { ips, routes, interfaces } = await must(host, 'ADD', conf, { netns: a })
    t.match(ips, [{ address: /^10\.50\.0\.1\d\d\/24$/, gateway: '10.50.0.1', interface: 2 }])
    t.strictSame(routes, [{ dst: '0.0.0.0/0', gw: '10.50.0.1' }])
    const address = ips[0].address.split('/')[0]
    t.match(await a.ip('-4', 'address', 'show', 'dev', 'eth0'), [{ addr_info: [{ local: address, prefixlen: 24 }] }])
    t.match(await a.ip('-4', 'route', 'show', 'default'), [{ gateway: '10.50.0.1', dev: 'eth0' }])
    t.equal((await machine.exec(['ping', '-c1', '-W2', address])).code, 0, 'the server reaches it')
    t.match(await server.leases(), `${interfaces[2].mac} ${address}`)
    const identifier = Buffer.from('a/net1/eth0').toString('hex').match(/../g)?.join(':')
    t.match(await server.leases(), `00:${identifier}`, 'under its names (option 61)')
    await must(host, 'CHECK', { ...conf, prevResult: { cniVersion: '1.1.0', ips, routes, interfaces } }, { netns: a })
    await must(host, 'DEL', conf, { netns: a })
    t.match(server.said(), new RegExp(`DHCPRELEASE\\(eth0\\) ${address}`), 'DEL gives it back')
    t.equal((await server.leases()).trim(), '')
    t.notMatch(Object.keys(await host.files()), /dhcp|attachments/, 'and leaves nothing')
    t.equal((await host.sh('ip netns pids a')).trim(), '', 'no process either')
    t.match(await call(host, 'DEL', conf, { netns: a }), { code: 0, stdout: '' }, 'a second time too')
  }),
)

t.test('The same attachment gets the same address again', t =>
  withDhcp(t, async dhcp => {
    const { host, server } = dhcp
    const a = await host.sandbox('a')
    const first = await add(dhcp, { netns: a, containerId: 'c1' })
    t.match(await call(host, 'ADD', conf, { netns: a, containerId: 'c1' }), { code: 1, error: { code: 4 } })
    await a.remove()
    const b = await host.sandbox('b')
    t.equal(await add(dhcp, { netns: b, containerId: 'c1' }), first, 'when its namespace has gone, in another one')
    t.equal((await server.leases()).trim().split('\n').length, 1, 'by one lease')
    t.equal((await b.exec(['ping', '-c1', '-W2', '10.50.0.1'])).code, 0)
    await must(host, 'DEL', conf, { netns: b, containerId: 'c1' })
    t.equal((await server.leases()).trim(), '')
  }),
)

t.test('DEL gives the lease back when the namespace has gone, and without the record', t =>
  withDhcp(t, async dhcp => {
    const { host, server } = dhcp
    const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
    await add(dhcp, { netns: a })
    await add(dhcp, { netns: b })
    await a.remove()
    await must(host, 'DEL', conf, { netns: a.path, containerId: 'a' })
    await host.sh('rm -r /var/lib/cni/fairlead/attachments')
    await must(host, 'DEL', conf, { netns: b })
    t.equal((await server.leases()).trim(), '')
    t.notMatch(Object.keys(await host.files()), /dhcp/)
  }),
)

t.test('GC gives back the leases of what is no longer valid, and no others', t =>
  withDhcp(t, async dhcp => {
    const { host, server } = dhcp
    const other = { ...conf, name: 'net2' }
    const [a, b, c] = [await host.sandbox('a'), await host.sandbox('b'), await host.sandbox('c')]
    const kept = [await add(dhcp, { netns: a }), await add(dhcp, { netns: c }, other)]
    const gone = await add(dhcp, { netns: b })
    await host.sh('rm /var/lib/cni/fairlead/attachments/*')
    const valid = { 'cni.dev/valid-attachments': [{ containerID: 'a', ifname: 'eth0' }] }
    await must(host, 'GC', { ...conf, ...valid }, none)
    const leases = await server.leases()
    for (const address of kept) t.match(leases, ` ${address} `)
    t.notMatch(leases, ` ${gone} `)
  }),
)

t.test('CHECK asks for nothing', t =>
  withDhcp(t, async dhcp => {
    const { host, server } = dhcp
    const a = await host.sandbox('a')
    const result = await must(host, 'ADD', conf, { netns: a })
    const checked = { ...conf, prevResult: result }
    const before = server.said()
    await must(host, 'CHECK', checked, { netns: a })
    const moved = { ...result, ips: [{ ...result.ips[0], address: '10.50.0.9/24' }] }
    const other = await call(host, 'CHECK', { ...conf, prevResult: moved }, { netns: a })
    t.match(other, { code: 1, error: { msg: /which prevResult does not have/ } })
    const nobody = { ...checked, type: 'dhcp' }
    t.match(await call(host, 'CHECK', nobody, { netns: a, containerId: 'other' }), {
      code: 1,
      error: { code: 999, msg: /there is no lease/ },
    })
    t.equal(server.said(), before)
  }),
)

t.test('ADD fails where no server answers, and leaves nothing', t =>
  withDhcp(
    t,
    async ({ host, server }) => {
      await server.stop()
      const a = await host.sandbox('a')
      const { error } = await call(host, 'ADD', conf, { netns: a })
      t.match(error, { code: 11, msg: /no DHCP server answered within 3 s/ })
      t.same(await a.ip('link', 'show', 'type', 'veth'), [])
      t.notMatch(Object.keys(await host.files()), /dhcp|attachments/)
      t.equal((await host.sh('ip netns pids a')).trim(), '')
    },
    ['--resendtimeout', '3s', '--timeout', '4s'],
  ),
)
