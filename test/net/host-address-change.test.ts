import t from 'tap'
import { call, must } from '../support/call.ts'
import { fairlead, type Host } from '../support/host.ts'
import { answering, join, known, lanConf, lanIpam, withLan } from '../support/lan.ts'

const conf = lanConf({ hostAccess: true })
const v4 = { ...conf, ipam: { ...lanIpam, ranges: lanIpam.ranges.slice(0, 1), routes: [] } }

/** The host has other addresses from now on. */
const renumber = (host: Host) =>
  host.sh(`ip address del 192.0.2.1/24 dev up0; ip address add 192.0.2.9/24 dev up0
ip address del 2001:db8::1/64 dev up0; ip address add 2001:db8::9/64 dev up0 nodad`)

const reconcile = (host: Host) => host.exec([fairlead, 'reconcile'])
const ways = (host: Host) => host.sh('ip route show proto boot root 192.0.2.0/24; ip -6 route show proto boot')

t.test('reconcile gives a host with other addresses its ways to containers back', t =>
  withLan(t, async host => {
    const a = await host.sandbox('a')
    const result = await must(host, 'ADD', conf, { netns: a })
    await renumber(host)
    const check = () => call(host, 'CHECK', { ...conf, prevResult: result }, { netns: a })
    t.match((await check()).error, { code: 999, msg: /route .* is absent\. Run "fairlead reconcile"/ })
    t.match(await reconcile(host), { code: 0, stdout: /route 192\.0\.2\.16\/32/ })
    t.same(await answering(host, '192.0.2.16', '2001:db8::10'), ['192.0.2.16', '2001:db8::10'])
    t.same(await answering(a, '192.0.2.9', ...known.outside), ['192.0.2.9', ...known.outside])
    t.match(await check(), { code: 0 })
    t.match(await reconcile(host), { code: 0, stdout: '' }, 'nothing is left to do')
  }),
)

t.test('the next container is reached from the address that the host has then', t =>
  withLan(t, async host => {
    await join(host, 'a', conf)
    await renumber(host)
    const { sandbox, addresses } = await join(host, 'b', conf)
    t.same(await answering(host, ...addresses), addresses)
    t.same(await answering(sandbox, '192.0.2.9', '2001:db8::9'), ['192.0.2.9', '2001:db8::9'])
  }),
)

t.test('reconcile leads the host back to addresses that it has again', t =>
  withLan(t, async host => {
    const { addresses } = await join(host, 'a', conf)
    const before = await ways(host)
    await host.sh('ip address del 2001:db8::1/64 dev up0; ip address add 2001:db8::1/64 dev up0 nodad')
    await host.sh('ip address del 192.0.2.1/24 dev up0; ip address add 192.0.2.1/24 dev up0')
    t.match(await reconcile(host), { code: 0, stdout: /made route/ })
    t.same(await answering(host, ...addresses), addresses)
    t.equal(await ways(host), before)
  }),
)

t.test('doctor finds what a new address of the host took, and mends it', t =>
  withLan(t, async host => {
    const { addresses } = await join(host, 'a', v4)
    await renumber(host)
    const doctor = async (...words: string[]) => (await host.exec([fairlead, 'doctor', ...words])).stdout
    t.match(await doctor(), /lacks 1 of what it was given on the host/)
    await doctor('--fix')
    t.same(await answering(host, ...addresses), addresses)
    t.notMatch(await doctor(), /lacks/)
  }),
)

t.test('reconcile succeeds where the host has no address there any more', t =>
  withLan(t, async host => {
    await join(host, 'a', v4)
    await host.sh('ip address flush dev up0')
    t.match(await reconcile(host), { code: 0, stdout: /route 192\.0\.2\.16\/32/ })
  }),
)

t.test('DEL takes the way that reconcile has made', t =>
  withLan(t, async host => {
    const { sandbox } = await join(host, 'a', conf)
    await join(host, 'b', conf)
    await renumber(host)
    await reconcile(host)
    await must(host, 'DEL', conf, { containerId: 'a', netns: sandbox })
    t.notMatch(await ways(host), /192\.0\.2\.16|2001:db8::10 /)
    t.match(await ways(host), /192\.0\.2\.17 .*src 192\.0\.2\.9/)
  }),
)
