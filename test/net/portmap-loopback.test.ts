import t from 'tap'
import { type Host, type Sandbox, withHost } from '../support/host.ts'
import { machine } from '../support/outside.ts'
import { mapping, publish, tryPublish, ways } from '../support/publish.ts'
import { ask, serve } from '../support/talk.ts'

/** Sends what goes to 127.0.0.1 to a gateway: what no honest machine does. */
const forge = (host: Host, { name }: Sandbox, dev: string, gateway: string) =>
  host.sh(`ip -n ${name} addr flush dev lo; ip -n ${name} route flush table local dev lo
ip netns exec ${name} sh -c 'echo 1 > /proc/sys/net/ipv4/conf/${dev}/route_localnet'
ip -n ${name} route add 127.0.0.0/8 via ${gateway}`)

const localnet = async (host: Host, dev: string) =>
  (await host.sh(`cat /proc/sys/net/ipv4/conf/${dev}/route_localnet`)).trim()

/** A host that takes packets for 127.0.0.0/8 from its uplink too: the guard is all that is in the way. */
const careless = 'echo 1 > /proc/sys/net/ipv4/conf/up0/route_localnet; echo 0 > /proc/sys/net/ipv4/conf/all/rp_filter'

for (const way of ways) {
  t.test(`nobody reaches the loopback network of the host, ${way}`, t =>
    withHost(t, async host => {
      const outside = await machine(host)
      const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
      await publish(host, { way }, a, [mapping(8080, 80, { hostIP: '127.0.0.1' }), mapping(8081, 80)])
      await publish(host, { way }, b, [])
      await serve(t, host, a, 80)
      await serve(t, host, host, 7000)
      await host.sh(careless)
      t.equal(await localnet(host, 'br-net1'), '1')
      await forge(host, outside, 'up1', '192.0.2.1')
      await forge(host, b, 'eth0', '10.88.0.1')
      const forbidden = async () => {
        const asked = [outside, b].flatMap(from => [7000, 8080, 8081].map(port => ask(from, '127.0.0.1', port)))
        return (await Promise.all(asked)).map(each => each !== undefined)
      }
      t.same(await forbidden(), Array(6).fill(false), 'forged packets get no answer')
      t.equal(await ask(host, '127.0.0.1', 8080), '10.88.0.1', 'the host itself is served')
      t.equal(await ask(host, '127.0.0.1', 7000), '127.0.0.1', 'and its own services are')
      await host.sh('nft flush chain inet fairlead guard')
      t.same(await forbidden(), Array(6).fill(true), 'without the guard they would all get one')
    }),
  )

  t.test(`the loopback network is opened only behind the guard, ${way}`, t =>
    withHost(t, async host => {
      const a = await host.sandbox('a')
      const keys = { conditionsV4: ['ip', 'nonsense', '192.0.2.2'] }
      const { code, error } = await tryPublish(host, { way, keys }, a, [mapping(8080)])
      t.equal(code, 1)
      t.match(error?.msg, /nonsense/)
      if (way === 'chained') t.equal(await localnet(host, 'br-net1'), '0')
    }),
  )
}
