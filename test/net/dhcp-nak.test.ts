import t from 'tap'
import { call, must } from '../support/call.ts'
import { dhcpConf, dnsmasq, leaseFiles, serverMachine, startDaemon } from '../support/dhcp.ts'
import { withHost } from '../support/host.ts'
import { until } from '../support/until.ts'

const conf = dhcpConf()
const range = (first: number) => [
  `--dhcp-range=10.50.0.${first},10.50.0.${first + 9},255.255.255.0,120`,
  '--dhcp-option=option:router,10.50.0.1',
]

t.test('A lease that the server refuses is lost; another address is not taken for it', t =>
  withHost(t, async host => {
    const machine = await serverMachine(host)
    const first = await dnsmasq(t, host, machine, range(100))
    const daemon = await startDaemon(t, host)
    const a = await host.sandbox('a')
    const result = await must(host, 'ADD', conf, { netns: a })
    const address = result.ips[0].address
    const addresses = async () => (await a.exec(['ip', '-4', 'address', 'show', 'dev', 'eth0'])).stdout
    const without = async () => !(await addresses()).includes(' inet ') || undefined

    await first.stop()
    await host.sh('rm /run/dnsmasq.leases')
    const second = await dnsmasq(t, host, machine, range(150))
    await host.sh('kill -USR1 $(ip netns pids a)')
    t.ok(await until(without), 'the address goes at once')
    t.match(second.said(), /DHCPNAK/)
    t.match(daemon.said(), /"event":"lost".*"the server refuses it/)
    t.ok(await until(async () => /"event":"bound".*10\.50\.0\.15/.test(daemon.said()) || undefined, 10_000))
    t.ok(await without(), 'the other address is not the one that was handed out')
    t.match(await call(host, 'CHECK', { ...conf, prevResult: result }, { netns: a }), { error: { msg: /was lost/ } })

    await second.stop()
    await host.sh('rm /run/dnsmasq.leases')
    await dnsmasq(t, host, machine, range(100))
    await host.sh('kill -USR1 $(ip netns pids a)')
    const back = async () => daemon.said().includes('"event":"regained"') || undefined
    t.ok(await until(back, 15_000), 'the first one comes back when the server gives it again')
    t.match(await addresses(), ` inet ${address} `)
    t.match(await a.ip('-4', 'route', 'show', 'default'), [{ gateway: '10.50.0.1' }])
    await must(host, 'CHECK', { ...conf, prevResult: result }, { netns: a })
  }),
)

t.test('An address that came in the place of another is given back too', t =>
  withHost(t, async host => {
    const machine = await serverMachine(host)
    const first = await dnsmasq(t, host, machine, range(100))
    const daemon = await startDaemon(t, host)
    const netns = await host.sandbox('a')
    await must(host, 'ADD', conf, { netns })
    await first.stop()
    await host.sh('rm /run/dnsmasq.leases')
    const second = await dnsmasq(t, host, machine, range(150))
    await host.sh('kill -USR1 $(ip netns pids a)')
    t.ok(await until(async () => /"event":"bound".*10\.50\.0\.15/.test(daemon.said()) || undefined, 10_000))
    await must(host, 'DEL', conf, { netns })
    t.equal((await second.leases()).trim(), '')
    t.same(await leaseFiles(host), [])
  }),
)
