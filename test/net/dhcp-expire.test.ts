import t from 'tap'
import { call, must } from '../support/call.ts'
import { dhcpConf, serverMachine, startDaemon, udhcpd } from '../support/dhcp.ts'
import { withHost } from '../support/host.ts'
import { until } from '../support/until.ts'

const conf = dhcpConf()
const options = ['--resendmax', '4s', '--timeout', '4s']

t.test('A lease is renewed, runs out without a server, and comes back with it', t =>
  withHost(t, async host => {
    const machine = await serverMachine(host)
    const server = await udhcpd(t, host, machine)
    const daemon = await startDaemon(t, host, options)
    const a = await host.sandbox('a')
    const result = await must(host, 'ADD', conf, { netns: a })
    await a.exec(['ip', 'address', 'add', '192.0.2.77/32', 'dev', 'eth0'])
    const routes = await a.ip('-4', 'route', 'show', 'table', 'all')
    const address = result.ips[0].address
    const addresses = async () =>
      (await a.ip('-4', 'address', 'show', 'dev', 'eth0'))[0].addr_info.map(
        (each: { local: string; prefixlen: number }) => `${each.local}/${each.prefixlen}`,
      )
    const has = async (wanted: boolean) => (await addresses()).includes(address) === wanted || undefined

    const renewed = () => (server.said().match(/sending ACK/g) ?? []).length
    t.ok(await until(async () => renewed() > 1 || undefined, 30_000), 'the client renews when half of it has passed')
    t.ok(await has(true))

    await server.stop()
    t.ok(await until(() => has(false), 45_000), 'the address goes when the lease ends')
    t.same(await addresses(), ['192.0.2.77/32'], 'and no other')
    const [link] = await a.ip('link', 'show', 'dev', 'eth0')
    t.ok(link.flags.includes('UP'), 'the interface stays up')
    t.match(daemon.said(), /"event":"lost".*"it has run out"/)
    const check = await call(host, 'CHECK', { ...conf, prevResult: result }, { netns: a })
    t.match(check, { code: 1, error: { msg: /the lease of 10\.50\.0\.\d+\/24 was lost/ } }, 'CHECK tells')

    await daemon.stop('SIGKILL')
    const next = await startDaemon(t, host, options)
    t.ok(await has(false), 'a new daemon knows it too')

    await udhcpd(t, host, machine)
    const back = async () => next.said().includes('"event":"regained"') || undefined
    t.ok(await until(back, 30_000), 'the address comes back with the server')
    t.ok(await has(true))
    const sorted = (list: readonly unknown[]) => list.map(each => JSON.stringify(each)).toSorted()
    t.same(sorted(await a.ip('-4', 'route', 'show', 'table', 'all')), sorted(routes), 'with all routes')
    t.equal((await a.exec(['ping', '-c1', '-W2', '10.50.0.1'])).code, 0)
    await must(host, 'CHECK', { ...conf, prevResult: result }, { netns: a })
    await must(host, 'DEL', conf, { netns: a })
  }),
)
