import t from 'tap'
import { must } from '../support/call.ts'
import { dhcpConf, leaseFiles, startDaemon, withDhcp } from '../support/dhcp.ts'

const conf = dhcpConf()
const count = 20

t.test(`${count} containers at once get an address each, and give it back`, t =>
  withDhcp(t, async ({ host, server, daemon }) => {
    const sandboxes = []
    for (let index = 0; index < count; index++) sandboxes.push(await host.sandbox(`c${index}`))
    const results = await Promise.all(sandboxes.map(netns => must(host, 'ADD', conf, { netns })))
    const addresses = new Set(results.map(({ ips }) => ips[0].address))
    t.equal(addresses.size, count)
    t.equal((await server.leases()).trim().split('\n').length, count)
    const reached = await Promise.all(sandboxes.map(each => each.exec(['ping', '-c1', '-W5', '10.50.0.1'])))
    t.same(
      reached.filter(({ code }) => code !== 0),
      [],
    )
    await daemon.stop('SIGKILL')
    await startDaemon(t, host)
    const checked = sandboxes.map((netns, index) =>
      must(host, 'CHECK', { ...conf, prevResult: results[index] }, { netns }),
    )
    await Promise.all(checked)
    await Promise.all(sandboxes.map(netns => must(host, 'DEL', conf, { netns })))
    t.equal((await server.leases()).trim(), '')
    t.same(await leaseFiles(host), [])
    const left = await Promise.all(sandboxes.map(({ name }) => host.sh(`ip netns pids ${name}`)))
    t.equal(left.join('').trim(), '')
  }),
)
