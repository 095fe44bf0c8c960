/** Attachments that share a link which goes with the last of them, coming and going at the same time. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Test } from 'tap'
import { warmUp } from './attachment.ts'
import { type Conf, call, must } from './call.ts'
import type { Host, Sandbox } from './host.ts'
import { inPool } from './pool.ts'
import { settles, stateOf } from './state.ts'

/** The links that are shared: they have a group of their own. */
export async function sharedLinks(host: Host): Promise<readonly string[]> {
  const links = await host.ip('link', 'show', 'group', '64029')
  // The others are there as empty objects.
  return links.flatMap(({ ifname }) => ifname ?? []).toSorted()
}

export interface Race {
  /** Networks whose attachments share it, in turn. */
  readonly confs: readonly [Conf, ...Conf[]]
  /** How many sandboxes there are, each of which is attached and detached one operation after the other. */
  readonly width: number
  /** Attachments of each. */
  readonly rounds: number
  /** The links that they share. */
  readonly links: number
}

/** One sandbox's way: what it saw to be wrong while it was attached. */
async function walk(host: Host, netns: Sandbox, place: number, { confs, rounds, links }: Race): Promise<string[]> {
  const wrong: string[] = []
  for (let round = 0; round < rounds; round++) {
    const conf = confs[(place + round) % confs.length] ?? confs[0]
    const { result: prevResult, error } = await call(host, 'ADD', conf, { netns })
    if (error) wrong.push(error.msg)
    // Long enough for others to come and go, or not at all.
    await pause((place * 37 + round * 61) % 90)
    const there = await sharedLinks(host)
    if (there.length !== links) wrong.push(`${netns.name} is attached, and there is ${there.join(', ') || 'no link'}`)
    // Now and then, for it takes as long as an ADD.
    if (round % 4 === place % 4)
      await must(host, 'CHECK', { ...conf, prevResult }, { netns }).catch(e => wrong.push(String(e)))
    await must(host, 'DEL', conf, { netns }).catch(e => wrong.push(String(e)))
  }
  return wrong
}

/** Asserts that nobody who is attached loses the shared links, and that nothing is left when all are gone. */
export async function race(t: Test, host: Host, plan: Race): Promise<void> {
  const sandboxes: Sandbox[] = []
  for (let n = 0; n < plan.width; n++) sandboxes.push(await host.sandbox(`s${n}`))
  let before = await stateOf(host)
  for (const conf of plan.confs) before = await warmUp(host, { netns: sandboxes[0] as Sandbox }, conf)
  const wrong = await inPool([...sandboxes.entries()], plan.width, ([place, netns]) => walk(host, netns, place, plan))
  t.same(wrong.flat(), [], 'nobody misses anything')
  t.same(await sharedLinks(host), [], 'the last to go leaves no link')
  await settles(t, host, before, 'and nothing else')
}

/** Asserts the same of many at once: all come, some go while others come, all go. */
export async function waves(t: Test, host: Host, { confs, width, links }: Omit<Race, 'rounds'>): Promise<void> {
  const sandboxes: Sandbox[] = []
  for (let n = 0; n < width; n++) sandboxes.push(await host.sandbox(`w${n}`))
  const conf = (n: number) => confs[n % confs.length] ?? confs[0]
  const half = width / 2
  const all = (operations: readonly (readonly [operation: string, place: number])[]) =>
    inPool(operations, width, ([operation, n]) => must(host, operation, conf(n), { netns: sandboxes[n] as Sandbox }))
  const places = sandboxes.map((_, n) => n)
  const [early, late] = [places.filter(n => n < half), places.filter(n => n >= half)]
  await all(early.map(n => ['ADD', n]))
  t.equal((await sharedLinks(host)).length, links, 'those who come first share')
  await all(early.flatMap(n => [['DEL', n] as const, ['ADD', n + half] as const]))
  t.equal((await sharedLinks(host)).length, links, 'and those who come while they go')
  await all(late.map(n => ['DEL', n]))
  t.same(await sharedLinks(host), [], 'all go at once, and none leaves it')
}
