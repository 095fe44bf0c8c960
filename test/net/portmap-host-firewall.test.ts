import t, { type Test } from 'tap'
import { type Host, withHost } from '../support/host.ts'
import { machine } from '../support/outside.ts'
import { mapping, publish, row, type Way, ways } from '../support/publish.ts'
import { ask, serve } from '../support/talk.ts'
import { askAgain, filterInput, forget, removeFilter, respect, served } from '../support/vetting.ts'

const both = ['192.0.2.1', '2001:db8::1']
const udp = { protocol: 'udp' }
const mappings = [mapping(8080, 80), mapping(8081, 80), mapping(5353, 53, udp), ...row(9000, 10)]

/** A host with such ports, and who asks from outside. */
async function stage(t: Test, host: Host, way: Way, keys: object = respect) {
  const outside = await machine(host)
  const a = await host.sandbox('a')
  await publish(host, { way, keys: { ...keys } }, a, mappings)
  for (const port of [80, 9004]) await serve(t, host, a, port)
  await serve(t, host, a, 53, 'udp')
  return outside
}

for (const way of ways) {
  t.test(`what the host drops by the port that is asked for does not get in, ${way}`, t =>
    withHost(t, async host => {
      const outside = await stage(t, host, way)
      const see = async () => {
        const tcp = [8080, 9004].map(port => served(outside, both, port))
        const [one, range, udp] = await Promise.all([...tcp, served(outside, both, 5353, 'udp')])
        return { tcp: one, range, udp }
      }
      const open = { tcp: 'all', range: 'all', udp: 'all' }
      t.same(await see(), open, 'without rules everybody gets in')
      t.same(await askAgain(outside, '192.0.2.1', 8080), '192.0.2.2', 'the container sees the address of its client')
      const drop = ['tcp dport { 8080, 9004 } drop', 'udp dport 5353 drop']
      await filterInput(host, 'accept', ...drop)
      await forget(host)
      t.same(await see(), { tcp: 'none', range: 'none', udp: 'none' })
      t.equal(await served(outside, both, 8081), 'all', 'the same port of the container by another of the host')
      await filterInput(host, 'accept', 'ip6 saddr 2001:db8::2 drop', 'udp dport 5353 drop')
      t.same(await see(), { tcp: 'some', range: 'some', udp: 'none' }, 'rules count, whatever they look at')
      await removeFilter(host)
      t.same(await see(), open)
    }),
  )

  t.test(`a host that drops by policy lets in what it accepts, ${way}`, t =>
    withHost(t, async host => {
      const outside = await stage(t, host, way)
      await filterInput(host, 'drop', 'ip6 nexthdr icmpv6 accept', 'tcp dport 8080 accept')
      t.equal(await served(outside, both, 8080), 'all')
      t.equal(await served(outside, both, 8081), 'none')
      t.equal(await served(outside, both, 5353, 'udp'), 'none')
    }),
  )

  t.test(`rules of iptables count, ${way}`, t =>
    withHost(t, async host => {
      const outside = await stage(t, host, way)
      await host.sh('for each in iptables ip6tables; do $each -A INPUT -p tcp --dport 8080 -j DROP; done')
      t.equal(await served(outside, both, 8080), 'none')
      t.equal(await served(outside, both, 8081), 'all')
      await host.sh('for each in iptables ip6tables; do $each -F INPUT; $each -P INPUT DROP; done')
      await forget(host)
      t.equal(await served(outside, ['192.0.2.1'], 8081), 'none')
      await host.sh('iptables -A INPUT -p tcp --dport 8081 -j ACCEPT')
      t.equal(await served(outside, ['192.0.2.1'], 8081), 'all')
    }),
  )

  for (const keys of [{}, { hostFirewall: 'ignore' }]) {
    t.test(`with ${JSON.stringify(keys)} the host's rules for a port do not count, ${way}`, t =>
      withHost(t, async host => {
        const outside = await stage(t, host, way, keys)
        await filterInput(host, 'drop', 'ip6 nexthdr icmpv6 accept')
        for (const at of both) t.ok(await ask(outside, at, 8080), at)
        t.ok(await ask(outside, '192.0.2.1', 5353, 'udp'), 'the first datagram is answered')
      }),
    )
  }
}
