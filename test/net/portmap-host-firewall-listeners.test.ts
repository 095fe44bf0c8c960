import t, { type Test } from 'tap'
import { type Host, type Sandbox, withHost } from '../support/host.ts'
import { machine } from '../support/outside.ts'
import { mapping, publish, type Way, ways } from '../support/publish.ts'
import { ask, serve } from '../support/talk.ts'
import { askAgain, filterInput, forget, respect } from '../support/vetting.ts'

/** A container with a port of each protocol. */
async function stage(t: Test, host: Host, way: Way): Promise<Sandbox> {
  const a = await host.sandbox('a')
  await publish(host, { way, keys: respect }, a, [mapping(8080, 80), mapping(5353, 53, { protocol: 'udp' })])
  await serve(t, host, a, 80)
  await serve(t, host, a, 53, 'udp')
  return a
}

for (const way of ways) {
  t.test(`a process of the host that listens on the port is not reached instead, ${way}`, t =>
    withHost(t, async host => {
      const outside = await machine(host)
      const a = await stage(t, host, way)
      for (const port of [8080, 7000]) await serve(t, host, host, port, 'tcp', 'echo')
      await serve(t, host, host, 5353, 'udp', 'echo')
      const hear = async (at: string, port: number, protocol: 'tcp' | 'udp') => askAgain(outside, at, port, protocol)
      for (const at of ['192.0.2.1', '2001:db8::1']) {
        for (const [port, protocol] of [
          [8080, 'tcp'],
          [5353, 'udp'],
        ] as const) {
          t.match(await hear(at, port, protocol), /:/.test(at) ? '2001:db8::2' : '192.0.2.2', `${at} ${protocol}`)
        }
      }
      t.equal(await ask(outside, '192.0.2.1', 7000), 'hello', 'other processes of the host are reached at once')
      // The container is gone, and its port with it.
      await host.sh(`ip -n ${a.name} link del eth0`)
      await forget(host)
      t.equal(await ask(outside, '192.0.2.1', 8080, 'tcp', 3), undefined)
    }),
  )

  t.test(`another port that the host redirects to a published one is the host's, ${way}`, t =>
    withHost(t, async host => {
      const outside = await machine(host)
      await stage(t, host, way)
      await serve(t, host, host, 8080, 'tcp', 'echo')
      await host.sh(`nft -f - <<END
add table ip own
add chain ip own redirects { type nat hook prerouting priority dstnat - 5; }
add rule ip own redirects tcp dport 81 redirect to :8080
END`)
      t.equal(await ask(outside, '192.0.2.1', 81), 'hello')
    }),
  )

  t.test(`what is published to some clients alone, or at one address, is so behind the firewall too, ${way}`, t =>
    withHost(t, async host => {
      const outside = await machine(host)
      await host.sh('ip -n outside address add 192.0.2.3/24 dev up1; ip address add 192.0.2.9/24 dev up0')
      const a = await host.sandbox('a')
      const keys = { ...respect, conditionsV4: ['ip', 'saddr', '!=', '192.0.2.3'] }
      const mappings = [mapping(8080, 80), mapping(8081, 80, { hostIP: '192.0.2.9' })]
      await publish(host, { way, keys }, a, mappings)
      await serve(t, host, a, 80)
      for (const port of [8080, 8081]) await serve(t, host, host, port, 'tcp', 'echo')
      const from = async (source: string, at: string, port: number) => {
        const words = ['socat', '-t', '1', '-', `TCP4:${at}:${port},bind=${source},connect-timeout=3`]
        return (await outside.exec(words, { input: 'hello\n' })).stdout.trim().replace(/^\[.*/, 'the container')
      }
      t.equal(await from('192.0.2.2', '192.0.2.1', 8080), 'the container')
      t.equal(await from('192.0.2.3', '192.0.2.1', 8080), 'hello', 'the host, for whom it is not published to')
      t.equal(await from('192.0.2.2', '192.0.2.9', 8081), 'the container')
      t.equal(await from('192.0.2.2', '192.0.2.1', 8081), 'hello', 'the host, at another address')
      await filterInput(host, 'accept', 'tcp dport 8080-8081 drop')
      await forget(host)
      t.equal(await from('192.0.2.2', '192.0.2.1', 8080), '')
      t.equal(await from('192.0.2.2', '192.0.2.9', 8081), '')
    }),
  )
}
