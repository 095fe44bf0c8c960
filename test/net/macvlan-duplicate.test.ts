import t from 'tap'
import { call, must } from '../support/call.ts'
import { capture } from '../support/capture.ts'
import type { Host, Sandbox } from '../support/host.ts'
import { answering, fixedConf, known, lanConf, withLan } from '../support/lan.ts'
import { trace } from '../support/trace.ts'
import { until } from '../support/until.ts'

const address = '2001:db8::77'
const conf = fixedConf(`${address}/64`)

const macOf = async (sandbox: Sandbox, dev: string) => (await sandbox.ip('link', 'show', 'dev', dev))[0].address
const flagged = async (sandbox: Sandbox) => {
  const [{ addr_info }] = await sandbox.ip('-6', 'address', 'show', 'dev', 'eth0')
  return addr_info.filter((each: Record<string, unknown>) => each.tentative || each.dadfailed)
}

t.test('an IPv6 address that somebody on the LAN has fails ADD soon, says whose it is, and leaves nothing', t =>
  withLan(t, async (host, outside) => {
    await host.sh(`ip -n outside address add ${address}/64 dev up1 nodad`)
    const sandbox = await host.sandbox('a')
    const before = await trace(host)
    const start = performance.now()
    const { code, error } = await call(host, 'ADD', { ...conf, hostAccess: true }, { netns: sandbox })
    const took = performance.now() - start
    t.equal(code, 1)
    t.match(error?.msg, new RegExp(`Cannot attach .*${address}/64 is in use by another host on the link`))
    t.match(error?.msg, await macOf(outside, 'up1'), 'with its MAC')
    t.ok(took < 1_000, `after ${Math.round(took)} ms`)
    t.same((await sandbox.ip('link')).length, 1)
    const { files: _, ...now } = await trace(host)
    t.match({ ...before, ...now }, before)
    t.notMatch(Object.keys(await host.files()).join('\n'), /attachments/)
  }),
)

t.test('the same address on another container of the host is one too', t =>
  withLan(t, async host => {
    const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
    await must(host, 'ADD', conf, { netns: a })
    t.match(await call(host, 'ADD', conf, { netns: b }), { code: 1, error: { msg: /is in use by another host/ } })
    t.same(await flagged(a), [], 'the first keeps it')
  }),
)

const timers = ['lo', 'eth0'].map(dev => `net.ipv6.neigh.${dev}.retrans_time_ms`)

t.test('addresses that are free are usable when ADD returns, which is soon', t =>
  withLan(t, async (host, outside) => {
    const sandbox = await host.sandbox('a')
    const start = performance.now()
    const { ips } = await must(host, 'ADD', lanConf(), { netns: sandbox })
    const took = performance.now() - start
    t.ok(took < 1_000, `${Math.round(took)} ms`)
    t.same(await flagged(sandbox), [])
    t.same(await answering(sandbox, ...known.outside), known.outside)
    t.same(await answering(outside, ips[1].address.replace('/64', '')), ['2001:db8::10'])
    const { stdout } = await sandbox.exec(['sysctl', '-n', ...timers])
    t.match(stdout, /^(\d+)\n\1\n$/, 'the retransmission timer is that of every link')
  }),
)

/** A kernel without optimistic detection, as far as tee can tell. */
const without = (host: Host) =>
  host.sh(`mkdir /run/tools && cat >/run/tools/tee <<'end'
#!/bin/sh
for file; do case $file in */optimistic_dad) missing=$file;; *) set -- "$@" "$file";; esac; shift; done
/usr/bin/tee "$@" || exit
test -z "$missing" || { echo "tee: $missing: No such file or directory" >&2; exit 1; }
end
printf '#!/bin/sh\nshift 3; for file; do test "\${file##*/}" = optimistic_dad || /usr/bin/head -v -n 1 $file; done\n' >/run/tools/head
chmod +x /run/tools/*`)

t.test('a kernel that has no optimistic detection serves as well', t =>
  withLan(t, async host => {
    await without(host)
    const sandbox = await host.sandbox('a')
    const env = { PATH: `/run/tools:${process.env.PATH}` }
    const start = performance.now()
    await must(host, 'ADD', conf, { netns: sandbox, env })
    t.ok(performance.now() - start < 1_000)
    t.same(await flagged(sandbox), [])
    const { stdout } = await sandbox.exec(['sysctl', '-n', 'net.ipv6.conf.eth0.optimistic_dad'])
    t.equal(stdout, '0\n', 'it was not optimistic')
    await host.sh(`ip -n outside address add 2001:db8::78/64 dev up1 nodad`)
    const taken = await call(host, 'ADD', fixedConf('2001:db8::78/64'), { netns: sandbox, ifName: 'eth1', env })
    t.match(taken, { code: 1, error: { msg: /2001:db8::78\/64 is in use by another host/ } })
  }),
)

t.test('an answer that comes after ADD is found by CHECK', t =>
  withLan(t, async host => {
    // A port of a switch that is slow to forward: nobody hears of the address yet.
    await host.sh('ip -n outside link set up1 down')
    const sandbox = await host.sandbox('a')
    const result = await must(host, 'ADD', conf, { netns: sandbox })
    const check = () => call(host, 'CHECK', { ...conf, prevResult: result }, { netns: sandbox })
    t.match(await check(), { code: 0, stdout: '' })
    await host.sh(`ip -n outside address add ${address}/64 dev up1 nodad && ip -n outside link set up1 up`)
    await until(async () =>
      (await flagged(sandbox)).some((each: { dadfailed?: true }) => each.dadfailed) ? true : undefined,
    )
    t.match(await check(), { code: 1, error: { msg: /2001:db8::77\/64 .*is in use by another host on the link/ } })
    await must(host, 'DEL', conf, { netns: sandbox })
  }),
)

t.test('addresses are announced: their neighbours learn the new MAC at once', t =>
  withLan(t, async (host, outside) => {
    const sandbox = await host.sandbox('a')
    const runtime = (mac: string) => lanConf({ runtimeConfig: { mac, ips: ['192.0.2.99', '2001:db8::99'] } })
    const addresses = ['192.0.2.99', '2001:db8::99']
    await must(host, 'ADD', runtime('02:00:00:00:00:01'), { netns: sandbox })
    t.same(await answering(outside, ...addresses), addresses)
    await must(host, 'DEL', lanConf(), { netns: sandbox })
    const packets = await capture(t, host, outside, 'arp or icmp6', 'up1')
    await must(host, 'ADD', runtime('02:00:00:00:00:02'), { netns: sandbox })
    t.match(await packets.seen(/192\.0\.2\.99 tell 192\.0\.2\.99/), '02:00:00:00:00:02 > ff:ff:ff:ff:ff:ff')
    t.match(
      await packets.seen(/ff02::1: .*advertisement, tgt is 2001:db8::99/),
      '02:00:00:00:00:02 > 33:33:00:00:00:01',
    )
    const entries = (await outside.ip('neigh')).filter(({ dst }) => addresses.includes(dst))
    t.same(
      entries.map(({ lladdr }) => lladdr),
      ['02:00:00:00:00:02', '02:00:00:00:00:02'],
    )
  }),
)
