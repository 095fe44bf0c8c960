import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { type Host, withHost } from '../support/host.ts'
import { machine } from '../support/outside.ts'
import { mapping, publish, ways } from '../support/publish.ts'
import { serve } from '../support/talk.ts'
import { until } from '../support/until.ts'
import { askAgain, filterInput, removeFilter, respect } from '../support/vetting.ts'

/** A connection from outside to a server that says again what it hears. */
async function stream(t: Test, host: Host, port: number) {
  const inside = ['-t', String(host.pid), '-m', '-n', '--', 'ip', 'netns', 'exec', 'outside']
  const child: ChildProcess = spawn('nsenter', [...inside, 'socat', '-', `TCP4:192.0.2.1:${port}`])
  let heard = ''
  child.stdout?.on('data', data => {
    heard += data
  })
  child.stdin?.on('error', () => undefined)
  t.teardown(async () => {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  })
  /** True if the other end answers within seconds. */
  return async (word: string): Promise<boolean> => {
    child.stdin?.write(`${word}\n`)
    return (await until(async () => (heard.includes(word) ? true : undefined))) === true
  }
}

const udp = { protocol: 'udp' } as const

for (const way of ways) {
  t.test(`a rule that the host adds holds for new connections within seconds, and spares those there are, ${way}`, t =>
    withHost(t, async host => {
      const outside = await machine(host)
      const a = await host.sandbox('a')
      await publish(host, { way, keys: respect }, a, [mapping(8080, 80), mapping(5353, 53, udp)])
      await serve(t, host, a, 80, 'tcp', 'echo')
      await serve(t, host, a, 53, 'udp')
      const talks = await stream(t, host, 8080)
      t.ok(await talks('one'))
      t.ok(await askAgain(outside, '192.0.2.1', 5353, 'udp'))
      const drop = ['tcp dport 8080 drop', 'udp dport 5353 drop']
      await filterInput(host, 'accept', ...drop)
      await pause(5_500)
      t.equal(await askAgain(outside, '192.0.2.1', 8080), undefined, 'TCP after five')
      await pause(2_000)
      t.equal(await askAgain(outside, '192.0.2.1', 5353, 'udp'), undefined, 'UDP after ten')
      t.ok(await talks('two'), 'the connection goes on')
      await removeFilter(host)
      t.ok(await askAgain(outside, '192.0.2.1', 8080))
      t.ok(await askAgain(outside, '192.0.2.1', 5353, 'udp'))
      t.ok(await talks('three'))
    }),
  )

  t.test(`the first packet of a client is lost, and for some seconds no other, ${way}`, t =>
    withHost(t, async host => {
      const outside = await machine(host)
      const a = await host.sandbox('a')
      await publish(host, { way, keys: respect }, a, [mapping(8080, 80)])
      await serve(t, host, a, 80)
      const took = async () => {
        const start = Date.now()
        t.equal(await askAgain(outside, '192.0.2.1', 8080), '192.0.2.2')
        return Date.now() - start
      }
      const first = await took()
      t.ok(first >= 1_000 && first < 2_500, `the first connection takes ${first} ms`)
      for (const time of [await took(), await took()]) t.ok(time < 900, `the next one ${time} ms`)
    }),
  )
}
