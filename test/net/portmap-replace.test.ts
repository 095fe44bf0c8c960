import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { type Host, withHost } from '../support/host.ts'
import { machine } from '../support/outside.ts'
import { mapping, publish, unpublish, ways } from '../support/publish.ts'
import { ask, serve } from '../support/talk.ts'

interface Client {
  /** Numbers of the datagrams that were sent, and of those that were answered. */
  readonly sent: () => number
  readonly answered: () => ReadonlySet<number>
  stop(): Promise<void>
}

/** A machine outside that sends a numbered datagram every 50 ms, all from one port. */
async function client(t: Test, host: Host, name: string): Promise<Client> {
  const inside = ['-t', String(host.pid), '-m', '-n', '--', 'ip', 'netns', 'exec', name]
  const child: ChildProcess = spawn('nsenter', [...inside, 'socat', '-', 'UDP4:192.0.2.1:5353,sourceport=4444'])
  const answered = new Set<number>()
  let sent = 0
  child.stdout?.on('data', data => {
    for (const [number] of String(data).matchAll(/\d+/g)) answered.add(Number(number))
  })
  child.stdin?.on('error', () => undefined)
  const timer = setInterval(() => child.stdin?.write(`${++sent}\n`), 50)
  const stop = async () => {
    clearInterval(timer)
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
  t.teardown(stop)
  return { sent: () => sent, answered: () => answered, stop }
}

const udp = [mapping(5353, 53, { protocol: 'udp' })]

for (const way of ways) {
  t.test(`a client that goes on sending reaches the next container behind the port, ${way}`, t =>
    withHost(t, async host => {
      const outside = await machine(host)
      // An error that comes back would end a client that is none of ours to change.
      await host.sh(
        'nft add table ip quiet; nft add chain ip quiet out "{ type filter hook output priority 0; }"; nft add rule ip quiet out icmp type destination-unreachable drop',
      )
      const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
      for (const each of [a, b]) await serve(t, host, each, 53, 'udp', 'echo')
      const first = await publish(host, { way }, a, udp)
      const { sent, answered } = await client(t, host, outside.name)
      await pause(500)
      t.ok(answered().size > 2, 'the first container answers')
      await unpublish(host, first)
      await pause(300)
      await publish(host, { way }, b, udp)
      const ready = sent()
      await pause(1_000)
      const last = sent() - 3
      const lost = Array.from({ length: last - ready }, (_, n) => ready + 1 + n).filter(n => !answered().has(n))
      t.ok(last - ready > 10, `${last - ready} datagrams`)
      t.ok(lost.length <= 1, `lost of ${ready + 1} to ${last}: ${lost.join(', ') || 'none'}`)
    }),
  )
}

t.test('entries of other ports and of neighbours stay', t =>
  withHost(t, async host => {
    const outside = await machine(host)
    const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
    const first = await publish(host, { way: 'chained' }, a, udp)
    await publish(host, { way: 'chained' }, b, [mapping(5354, 53, { protocol: 'udp' }), mapping(5353, 80)])
    await serve(t, host, a, 53, 'udp')
    await serve(t, host, b, 53, 'udp')
    t.ok(await ask(outside, '192.0.2.1', 5353, 'udp'))
    t.ok(await ask(outside, '192.0.2.1', 5354, 'udp'))
    const ports = async () =>
      [...(await host.sh('conntrack -L -p udp 2>/dev/null')).matchAll(/dport=(535\d) src/g)]
        .map(([, port]) => port)
        .toSorted()
    t.same(await ports(), ['5353', '5354'])
    await unpublish(host, first)
    t.same(await ports(), ['5354'])
  }),
)
