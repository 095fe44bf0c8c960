import t from 'tap'
import { bridgeConf, call, hostLocal, must } from '../support/call.ts'
import { withHost } from '../support/host.ts'

for (const [network, change] of [
  ['a network with IPv4 only', {}],
  ['a network without addresses', { ipam: {} }],
] as const) {
  t.test(`the host takes no router advertisement from a container of ${network}`, t =>
    withHost(t, async host => {
      await must(host, 'ADD', bridgeConf(change), { netns: await host.sandbox('a') })
      t.equal(await host.sh('cat /proc/sys/net/ipv6/conf/cni0/accept_ra'), '0\n')
    }),
  )
}

t.test('an ADD that finds the interface name taken by another network leaves that network as it is', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    await must(host, 'ADD', bridgeConf(), { netns: a })
    const [before, files] = [await a.ip('address'), await host.files()]
    const other = bridgeConf({ name: 'net2', bridge: 'br2', ipam: hostLocal('10.99.0.0/24') })
    t.equal((await call(host, 'ADD', other, { netns: a })).code, 1)
    t.same(await a.ip('address'), before, 'the interface of the first network stands')
    const owned = Object.keys(await host.files()).filter(path => /attachments|networks/.test(path))
    t.same(
      owned,
      Object.keys(files).filter(path => /attachments|networks/.test(path)),
      'no record and no lease is new',
    )
  }),
)

t.test('CHECK passes for a MAC address whose link-local address has a group of zeros', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    const conf = bridgeConf({ ipam: hostLocal('fd00:88::/64'), runtimeConfig: { mac: '02:00:00:00:00:01' } })
    const prevResult = await must(host, 'ADD', conf, { netns: a })
    t.equal((await call(host, 'CHECK', { ...conf, prevResult }, { netns: a })).error?.msg, undefined)
  }),
)
