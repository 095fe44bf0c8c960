import t from 'tap'
import { withHost } from '../support/host.ts'
import { machine } from '../support/outside.ts'
import { elements, mapping, publish, unpublish, ways } from '../support/publish.ts'
import { ask, serve } from '../support/talk.ts'

for (const way of ways) {
  t.test(`conditions restrict who is served, those of each network its own, ${way}`, t =>
    withHost(t, async host => {
      const outside = await machine(host)
      await host.sh('ip -n outside addr add 192.0.2.3/24 dev up1; ip -n outside addr add 2001:db8::3/64 dev up1 nodad')
      const [a, b, c] = [await host.sandbox('a'), await host.sandbox('b'), await host.sandbox('c')]
      const only = (v4: string, v6: string) => ({
        conditionsV4: ['ip', 'saddr', v4],
        conditionsV6: ['ip6 saddr', v6],
      })
      const keys = only('192.0.2.2', '2001:db8::2')
      const first = await publish(host, { way, keys }, a, [mapping(8080, 80)])
      const others = only('192.0.2.3', '2001:db8::3')
      const second = await publish(host, { way, network: 'net2', keys: others }, b, [mapping(8081, 80)])
      const third = await publish(host, { way, network: 'net3' }, c, [mapping(8082, 80)])
      for (const each of [a, b, c]) await serve(t, host, each, 80)
      const from = async (source: string, at: string, port: number) => {
        const target = at.includes(':') ? `TCP6:[${at}]` : `TCP4:${at}`
        const bind = at.includes(':') ? `[${source}]` : source
        const words = ['socat', '-t', '1', '-', `${target}:${port},bind=${bind},connect-timeout=1`]
        return (await outside.exec(words, { input: 'hello\n' })).stdout.trim() !== ''
      }
      const served = async (at: string, sources: readonly string[]) =>
        Promise.all(sources.map(source => Promise.all([8080, 8081, 8082].map(port => from(source, at, port)))))
      const wanted = [
        [true, false, true],
        [false, true, true],
      ]
      t.same(await served('192.0.2.1', ['192.0.2.2', '192.0.2.3']), wanted)
      t.same(await served('2001:db8::1', ['2001:db8::2', '2001:db8::3']), wanted)
      t.equal(await ask(host, '127.0.0.1', 8080), undefined, 'the host is not among them')
      for (const each of [first, second, third]) await unpublish(host, each)
      t.same(
        (await elements(host)).filter(each => each !== ''),
        [],
      )
    }),
  )
}
