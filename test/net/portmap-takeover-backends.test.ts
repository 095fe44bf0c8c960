import t from 'tap'
import { fairlead, withHost } from '../support/host.ts'
import { checkPublished, mapping, publish, unpublish, ways } from '../support/publish.ts'
import { ask, serve } from '../support/talk.ts'

const anybody = ['-m', 'conntrack', '--ctstate', 'NEW']
const conditions = { conditionsV4: anybody, conditionsV6: anybody }
const backends = {
  iptables: { backend: 'iptables' },
  'iptables with conditions': conditions,
  nftables: { backend: 'nftables' },
  'nftables after the host firewall': { hostFirewall: 'respect' },
} as const

type Backend = keyof typeof backends

const takeovers: readonly (readonly [dead: Backend, alive: Backend])[] = [
  ['iptables', 'iptables'],
  ['iptables', 'iptables with conditions'],
  ['iptables with conditions', 'iptables'],
  ['iptables', 'nftables'],
  ['iptables', 'nftables after the host firewall'],
  ['nftables', 'iptables'],
]

for (const way of ways) {
  for (const [was, is] of takeovers) {
    t.test(`the port of a container that is gone is taken over, from ${was} by ${is}, ${way}`, t =>
      withHost(t, async host => {
        await host.sh('ip address add 2001:db8::1/64 dev up0 nodad')
        const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
        // Of equal tables the kernel asks the youngest first: the dead has that.
        await unpublish(host, await publish(host, { way, network: 'net3', keys: backends[is] }, b, [mapping(1)]))
        const dead = await publish(host, { way, keys: backends[was] }, a, [mapping(8080, 80)])
        await a.remove()
        const alive = await publish(host, { way, network: 'net2', keys: backends[is] }, b, [mapping(8080, 80)])
        await serve(t, host, b, 80)
        const served = async () => {
          t.ok(await ask(host, '192.0.2.1', 8080))
          t.ok(await ask(host, '2001:db8::1', 8080))
        }
        await served()
        t.equal((await checkPublished(host, alive)).code, 0)
        t.equal((await host.exec([fairlead, 'reconcile'])).code, 0)
        await served()
        await unpublish(host, dead)
        await served()
        await unpublish(host, alive)
        t.notMatch(await host.sh('iptables-save -t nat; ip6tables-save -t nat'), 'CNI-DN-')
      }),
    )
  }
}
