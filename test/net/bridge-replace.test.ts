import t from 'tap'
import { bridgeConf, call, hostLocal, must } from '../support/call.ts'
import { withHost } from '../support/host.ts'
import { answers } from '../support/ping.ts'
import { trace } from '../support/trace.ts'

const conf = bridgeConf({ macspoofchk: true, ipam: hostLocal('10.88.0.0/16', 'fd00:88::/64') })

// biome-ignore lint/suspicious/noExplicitAny: results differ by protocol version
const identity = (result: any) => ({ ips: result.ips, mac: result.interfaces[2].mac, hostEnd: result.interfaces[1] })

t.test('ADD over an attachment whose sandbox is gone keeps its addresses and MAC', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    const first = await must(host, 'ADD', conf, { netns: a, containerId: 'c1' })
    const before = await trace(host)
    await a.remove()
    const b = await host.sandbox('b')
    const second = await must(host, 'ADD', conf, { netns: b, containerId: 'c1' })
    t.strictSame(identity(second), identity(first))
    const { links, addresses, rules } = await trace(host)
    t.strictSame({ links, addresses, rules }, { links: before.links, addresses: before.addresses, rules: before.rules })
    t.ok(await answers(host, '10.88.0.2'), 'it works')
    await must(host, 'DEL', conf, { netns: b, containerId: 'c1' })
    t.notMatch((await trace(host)).files.join('\n'), /attachments|net1\/(10|fd)/, 'DEL frees all of it')
  }),
)

t.test('ADD at the same path, where a new sandbox stands by now, keeps addresses and MAC', t =>
  withHost(t, async host => {
    const first = await must(host, 'ADD', conf, { netns: await host.sandbox('a') })
    await host.sh('ip netns del a')
    const second = await must(host, 'ADD', conf, { netns: await host.sandbox('a') })
    t.strictSame(identity(second), identity(first))
  }),
)

t.test('ADD over an attachment that is gone takes other addresses where its own are somebody else’s by now', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    await must(host, 'ADD', conf, { netns: a, containerId: 'c1' })
    await a.remove()
    await host.sh("printf 'other\\r\\neth0' >/var/lib/cni/networks/net1/10.88.0.2")
    const { ips } = await must(host, 'ADD', conf, { netns: await host.sandbox('b'), containerId: 'c1' })
    t.strictSame(
      ips.map(({ address }: { address: string }) => address),
      ['10.88.0.3/16', 'fd00:88::2/64'],
    )
    t.equal((await host.files())['/var/lib/cni/networks/net1/10.88.0.2'], 'other\r\neth0', 'the other keeps its lease')
  }),
)

t.test('ADD over an attachment that is gone frees the addresses that the range has no more', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    await must(host, 'ADD', conf, { netns: a, containerId: 'c1' })
    await a.remove()
    const narrow = bridgeConf({ bridge: 'cni1', ipam: hostLocal('10.77.0.0/24') })
    const { ips } = await must(host, 'ADD', narrow, { netns: await host.sandbox('b'), containerId: 'c1' })
    t.equal(ips[0].address, '10.77.0.2/24')
    const leases = Object.keys(await host.files()).filter(path => /net1\/(10|fd)/.test(path))
    t.strictSame(leases, ['/var/lib/cni/networks/net1/10.77.0.2'])
  }),
)

for (const [name, second] of Object.entries({ 'the same sandbox': 'a', 'another sandbox': 'b' })) {
  t.test(`ADD to ${name} over a living attachment is an error and changes nothing`, t =>
    withHost(t, async host => {
      const sandboxes = { a: await host.sandbox('a'), b: await host.sandbox('b') }
      await must(host, 'ADD', conf, { netns: sandboxes.a, containerId: 'c1' })
      const before = await trace(host)
      const again = await call(host, 'ADD', conf, { netns: sandboxes[second as 'a' | 'b'], containerId: 'c1' })
      t.match(again, { code: 1, error: { code: 4, msg: /already.*\/run\/netns\/a.*DEL/ } })
      t.strictSame(await trace(host), before)
      t.ok(await answers(host, '10.88.0.2'), 'the attachment works')
      t.strictSame((await sandboxes.b.ip('link')).length, 1, 'the other sandbox is empty')
    }),
  )
}

t.test('ADD is an error where the sandbox is alive under a path that is gone', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    await must(host, 'ADD', conf, { netns: a, containerId: 'c1' })
    await host.sh(
      'mkdir /run/kept && touch /run/kept/a && mount --bind /run/netns/a /run/kept/a && umount /run/netns/a && rm /run/netns/a',
    )
    const before = await trace(host)
    const again = await call(host, 'ADD', conf, { netns: await host.sandbox('b'), containerId: 'c1' })
    t.match(again, { code: 1, error: { code: 4 } })
    t.strictSame(await trace(host), before)
    t.ok(await answers(host, '10.88.0.2'))
  }),
)

t.test('ADD whose interface name is taken in the sandbox fails, and leaves that interface and nothing else', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    await must(host, 'ADD', conf, { netns: await host.sandbox('b') })
    const before = await trace(host)
    await host.sh('ip -n a link add eth0 type bridge')
    const { code, error } = await call(host, 'ADD', conf, { netns: a })
    t.equal(code, 1)
    t.match(error?.msg, /eth0|exists/)
    t.equal((await a.ip('link', 'show', 'eth0'))[0].linkinfo.info_kind, 'bridge')
    await must(host, 'DEL', conf, { netns: a })
    t.strictSame(await trace(host), before)
  }),
)
