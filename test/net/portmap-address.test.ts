import t from 'tap'
import { type Host, type Sandbox, withHost } from '../support/host.ts'
import { machine } from '../support/outside.ts'
import { mapping, publish, ways } from '../support/publish.ts'
import { ask, serve } from '../support/talk.ts'

/** Where a port answers that is published at a host address: the addresses, with the port of the container each. */
const rows: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  '': { '192.0.2.1': 80, '10.88.0.1': 80, '127.0.0.1': 80, '2001:db8::1': 80 },
  '0.0.0.0': { '192.0.2.1': 80, '10.88.0.1': 80, '127.0.0.1': 80 },
  '::': { '2001:db8::1': 80, 'fd00:88::1': 80 },
  '192.0.2.1': { '192.0.2.1': 80 },
  '2001:DB8:0::1': { '2001:db8::1': 80 },
  '127.0.0.1': { '127.0.0.1': 80 },
  '::ffff:192.0.2.1': { '192.0.2.1': 80 },
}
const everywhere = ['192.0.2.1', '10.88.0.1', '127.0.0.1', '2001:db8::1', 'fd00:88::1']
const fromOutside = ['192.0.2.1', '2001:db8::1']

const answers = async (from: Sandbox | Host, port: number, addresses: readonly string[]): Promise<string[]> => {
  const asked = addresses.map(async at => ((await ask(from, at, port)) === undefined ? [] : [at]))
  return (await Promise.all(asked)).flat()
}

for (const way of ways) {
  t.test(`a port answers at its hostIP alone, ${way}`, t =>
    withHost(t, async host => {
      const outside = await machine(host)
      const a = await host.sandbox('a')
      const mappings = Object.keys(rows).map((hostIP, n) => mapping(8000 + n, 80, { hostIP }))
      await publish(host, { way }, a, mappings)
      await serve(t, host, a, 80)
      for (const [n, [hostIP, wanted]] of Object.entries(rows).entries()) {
        const here = hostIP === '' ? everywhere : Object.keys(wanted)
        const name = `hostIP ${JSON.stringify(hostIP)}`
        t.same((await answers(host, 8000 + n, everywhere)).toSorted(), here.toSorted(), `${name}, asked by the host`)
        const there = fromOutside.filter(at => here.includes(at))
        t.same(await answers(outside, 8000 + n, fromOutside), there, `${name}, asked from outside`)
      }
    }),
  )

  t.test(`of two ports the one with the hostIP of the connection is meant, ${way}`, t =>
    withHost(t, async host => {
      await machine(host)
      const a = await host.sandbox('a')
      const range = { hostIP: '10.88.0.1' }
      await publish(host, { way }, a, [
        mapping(9000, 80),
        mapping(9000, 81, { hostIP: '192.0.2.1' }),
        mapping(9000, 81, { hostIP: '2001:db8::1' }),
        mapping(9000, 9000, range),
        mapping(9001, 9001, range),
      ])
      for (const port of [80, 81, 9000]) {
        const words = [
          'socat',
          `TCP6-LISTEN:${port},fork,reuseaddr,ipv6only=0`,
          `SYSTEM:read line; echo 192.0.2.${port % 256}`,
        ]
        void a.exec(words, { deadline: 20_000 })
      }
      await serve(t, host, a, 9999)
      const targets = { '127.0.0.1': 80, '192.0.2.1': 81, '2001:db8::1': 81, 'fd00:88::1': 80, '10.88.0.1': 9000 }
      for (const [at, port] of Object.entries(targets)) {
        t.equal(await ask(host, at, 9000), `192.0.2.${port % 256}`, `${at} leads to port ${port}`)
      }
      await a.exec(['sh', '-c', 'kill $(ip netns pids a)'])
    }),
  )

  t.test(`masqAll shows everybody as the host, ${way}`, t =>
    withHost(t, async host => {
      const outside = await machine(host)
      const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
      await publish(host, { way, keys: { masqAll: true } }, a, [mapping(8080, 80)])
      await publish(host, { way, network: 'net2' }, b, undefined)
      await serve(t, host, a, 80)
      const gateway = { 4: '10.88.0.1', 6: 'fd00:88::1' }
      for (const from of [outside, a, b]) {
        t.equal(await ask(from, '192.0.2.1', 8080), gateway[4])
        t.equal(await ask(from, '2001:db8::1', 8080), gateway[6])
      }
      t.equal(await ask(host, '127.0.0.1', 8080), gateway[4])
    }),
  )

  t.test(`without snat everybody keeps the own address, and the loopback address does not answer, ${way}`, t =>
    withHost(t, async host => {
      const outside = await machine(host)
      const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
      await publish(host, { way, keys: { snat: false } }, a, [mapping(8080, 80)])
      const far = await publish(host, { way, network: 'net2' }, b, undefined)
      await serve(t, host, a, 80)
      t.equal(await ask(outside, '192.0.2.1', 8080), '192.0.2.2')
      t.equal(await ask(outside, '2001:db8::1', 8080), '2001:db8::2')
      t.equal(await ask(b, '192.0.2.1', 8080), far.v4)
      t.equal(await ask(host, '192.0.2.1', 8080), '192.0.2.1')
      t.equal(await ask(host, '127.0.0.1', 8080), undefined)
      t.equal((await host.sh('cat /proc/sys/net/ipv4/conf/br-net1/route_localnet')).trim(), '0')
    }),
  )
}
