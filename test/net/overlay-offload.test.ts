import t from 'tap'
import { call } from '../support/call.ts'
import { fairlead, type Host } from '../support/host.ts'
import { hide } from '../support/lacks.ts'
import { type Container, join, leave, overlayConf, twoHosts } from '../support/overlay.ts'
import { ping } from '../support/ping.ts'
import { until } from '../support/until.ts'

const usual = overlayConf(4, 2)
const own = overlayConf(4, 2, { txChecksumOffload: false })

/** Whether the tunnel of a container's network leaves checksums to what is below it. */
async function offload({ host, result }: Container): Promise<string> {
  const tunnel = result.interfaces[0].name.replace('flb', 'flv')
  const text = await host.sh(`ethtool -k ${tunnel}`)
  return /tx-checksum-ip-generic: (\S+)/.exec(text)?.[1] ?? ''
}

const check = (host: Host, { sandbox, result: prevResult }: Container) =>
  call(host, 'CHECK', { ...usual, prevResult }, { netns: sandbox })

t.test('a tunnel makes checksums itself where its configuration says so, and not otherwise', t =>
  twoHosts(t, async (one, two) => {
    const a = await join(one, 'a', usual)
    const b = await join(two, 'b', own)
    t.equal(await offload(a), 'on', 'nobody else does')
    t.equal(await offload(b), 'off')
    t.ok(await ping(a.sandbox, b.v4))
    const a2 = await join(one, 'a2', own)
    t.equal(await offload(a), 'off', 'a change takes effect with the next ADD')
    for (const each of [a, a2]) t.match(await check(one, each), { code: 0 })
    const [{ name }] = a.result.interfaces
    await one.sh(`ethtool -K ${name.replace('flb', 'flv')} tx-checksum-ip-generic on`)
    const { error } = await check(one, a2)
    t.match(error, { msg: /checksum offload off of flv\d+.*is on/ }, 'CHECK finds it otherwise')
    const made = await one.exec([fairlead, 'reconcile'])
    t.match(made.stdout, /^made checksum offload off of flv\d+\n$/)
    t.equal(await offload(a), 'off')
    await join(one, 'a3', usual)
    t.equal(await offload(a), 'on', 'and back')
    for (const each of [a, a2]) t.match(await check(one, each), { code: 0 })
    await join(one, 'a4', own)
    t.equal(await offload(a), 'off')
    await leave(b, own)
    const again = await join(two, 'b2', usual)
    t.equal(await offload(again), 'on', 'a new tunnel knows nothing of the one before')
  }),
)

/** What tcpdump says of the inner checksum of a datagram, as it comes out of a container's host. */
async function onTheWire(outside: Host, { sandbox }: Container, to: Container): Promise<string> {
  const words = ['timeout', '10', 'tcpdump', '-i', 'sw1', '-nvv', '-c', '1', 'udp port 4789']
  let seen: string | undefined
  const seeing = outside.exec(words).then(({ stdout }) => {
    seen = stdout
  })
  // It may listen later than the first are sent.
  await until(async () => {
    await sandbox.exec(['bash', '-c', `echo hello >/dev/udp/${to.v4}/9`])
    return seen
  }, 10_000)
  await seeing
  return seen ?? ''
}

t.test('the checksums of what leaves the host are there, or left to what is below', t =>
  twoHosts(t, async (one, two, outside) => {
    const a = await join(one, 'a', usual)
    const b = await join(two, 'b', usual)
    t.match(await onTheWire(outside, a, b), /10\.200\.2\.\d+\.9: \[bad udp cksum/, 'there is none yet')
    await join(one, 'a2', own)
    t.match(await onTheWire(outside, a, b), /10\.200\.2\.\d+\.9: \[udp sum ok\]/)
  }),
)

t.test('without ethtool the error says what to install', t =>
  twoHosts(t, async one => {
    await hide(one, 'ethtool')
    const netns = await one.sandbox('a')
    t.match((await call(one, 'ADD', own, { netns })).error, { msg: /cannot run ethtool.*Install the package ethtool/ })
    t.match((await call(one, 'STATUS', own)).error, { code: 50, msg: /ethtool/ })
    t.match(await call(one, 'ADD', usual, { netns }), { code: 0 }, 'the others need none')
  }),
)
