import t from 'tap'
import { call, must } from '../support/call.ts'
import { capture } from '../support/capture.ts'
import type { Host } from '../support/host.ts'
import { answering, fixedConf, join, known, lanConf, withLan } from '../support/lan.ts'
import { trace } from '../support/trace.ts'

const conf = lanConf({ hostAccess: true })

/** The host's own links beside the containers'. */
const shims = async (host: Host) => (await host.ip('link', 'show', 'type', 'macvlan')).map(({ ifname }) => ifname)

t.test('without hostAccess, host and container do not reach each other, and no link of the host is made', t =>
  withLan(t, async host => {
    const { sandbox, addresses } = await join(host, 'a', lanConf())
    t.same(await answering(host, ...addresses), [])
    t.same(await answering(sandbox, ...known.host), [])
    t.same(await shims(host), [])
  }),
)

t.test('with hostAccess, host and containers reach each other, by IPv4 and IPv6', t =>
  withLan(t, async host => {
    await host.sh('sysctl -qw net.ipv4.conf.all.rp_filter=1')
    for (const name of ['a', 'b']) {
      const { sandbox, addresses } = await join(host, name, conf)
      t.same(await answering(host, ...addresses), addresses, `the host reaches ${name}`)
      t.same(await answering(sandbox, ...known.host), known.host, `${name} reaches the host`)
      t.same(await answering(sandbox, ...known.outside), known.outside, 'and the LAN')
    }
    t.equal((await shims(host)).length, 1, 'one link of the host is for both')
  }),
)

t.test('the link of the host comes with the first container and goes with the last', t =>
  withLan(t, async host => {
    const { addresses: before, links, routes } = await trace(host)
    for (const name of ['a', 'b']) await join(host, name, conf)
    await must(host, 'DEL', conf, { containerId: 'a', netns: '/run/netns/a' })
    t.equal((await shims(host)).length, 1)
    t.same(await answering(host, '192.0.2.16', '192.0.2.17'), ['192.0.2.17'])
    await host.sh('ip netns del b')
    await must(host, 'DEL', conf, { containerId: 'b' })
    t.match(await trace(host), { addresses: before, links, routes }, 'the host is as it was')
  }),
)

t.test('the LAN knows the host by its own MAC all the time', t =>
  withLan(t, async (host, outside) => {
    const [{ address: mac }] = await host.ip('link', 'show', 'dev', 'up0')
    const others = await capture(t, host, outside, `(arp or icmp6) and not ether src ${mac}`, 'up1')
    await answering(outside, ...known.host)
    const { sandbox, addresses } = await join(host, 'a', conf)
    await answering(host, ...addresses)
    await answering(sandbox, ...known.host)
    await outside.exec(['ip', 'neigh', 'flush', 'all'])
    t.same(await answering(outside, ...known.host), known.host)
    const entries = (await outside.ip('neigh')).filter(({ dst }) => known.host.includes(dst))
    t.same(
      entries.map(({ lladdr }) => lladdr),
      [mac, mac],
    )
    const claims = others.lines().filter(line => /tell 192\.0\.2\.1,|192\.0\.2\.1 is-at|tgt is 2001:db8::1,/.test(line))
    t.same(claims, [], 'nobody else says that he has its addresses')
    await must(host, 'DEL', conf, { netns: sandbox })
    t.same(await answering(outside, ...known.host), known.host, 'and it answers when the last container has gone')
  }),
)

t.test('hostAccess leads to addresses of the host that are in no subnet of the container', t =>
  withLan(t, async host => {
    const elsewhere = fixedConf('198.51.100.7/24', { hostAccess: true })
    const { sandbox, addresses } = await join(host, 'a', elsewhere)
    t.same(await answering(host, ...addresses), addresses)
    t.same(await answering(sandbox, '192.0.2.1'), ['192.0.2.1'])
  }),
)

t.test('a link of somebody else that has the name of the link of the host is left alone', t =>
  withLan(t, async host => {
    await join(host, 'a', conf)
    const [name] = await shims(host)
    await must(host, 'DEL', conf, { containerId: 'a', netns: '/run/netns/a' })
    await host.sh(`ip link add ${name} address 02:00:00:00:00:77 type veth peer name other0`)
    const { links, addresses, routes } = await trace(host)
    const { error } = await call(host, 'ADD', conf, { netns: await host.sandbox('b') })
    t.match(error, { code: 7, msg: new RegExp(`"hostAccess" on up0.*another link ${name}.*Rename`) })
    t.match(await trace(host), { links, addresses, routes }, 'nothing has changed')
  }),
)
