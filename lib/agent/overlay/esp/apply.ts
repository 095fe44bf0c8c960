/**
 * The kernel, brought in step with what should be encrypted. The order makes that no packet is lost on the way: this host
 * understands first, says so, and only then sends; what is not needed any more goes some time later.
 */
import type { Tools } from '../../../kernel/tool.ts'
import { log } from '../log.ts'
import { newest } from './epochs.ts'
import { freshJournal, type Journal, readJournal, writeJournal } from './journal.ts'
import { known, tell } from './kernel.ts'
import {
  isBurnt,
  type Listed,
  nameOfPolicy,
  nameOfState,
  type Policy,
  placeOfPolicy,
  type Situation,
  sentWith,
  type Wanted,
  wantedOf,
} from './plan.ts'
import { addState, deletePolicy, deleteState, putPolicy } from './text.ts'

/** Milliseconds until the others have heard of another nonce, and understand what is sent under it. */
const settling = 500
/** Milliseconds that packets may be on their way by a state which nobody sends by any more. */
const grace = 5_000

export interface Scene {
  readonly tools: Pick<Tools, 'run'>
  readonly path: string
  readonly boot: string
  readonly situation: Omit<Situation, 'self'> & { readonly address: string }
  /** Since when states are not needed, by their names. */
  readonly strays: Map<string, number>
  /** Milliseconds since some moment, and waiting for so many. */
  now(): number
  pause(milliseconds: number): Promise<void>
  /** Tells the other hosts; true where they did not know that nonce. */
  publish(nonce: string, ready: number): Promise<boolean>
}

type Have = Awaited<ReturnType<typeof known>>

const wantedBy = ({ situation: { address, ...rest } }: Scene, { nonce }: Journal): Wanted =>
  wantedOf({ ...rest, self: { address, nonce } })

/** The journal that holds for what the kernel has: a new one where states are gone that were used. */
function journalFor(scene: Scene, have: Have): Journal {
  const { path, boot, situation } = scene
  const names = new Set(have.states.map(nameOfState))
  const old = readJournal(path)
  if (old?.boot === boot && !isBurnt(wantedBy(scene, old), situation.epochs.send, old.sent, names)) return old
  const journal = freshJournal(boot)
  writeJournal(path, journal)
  log('nonce', { why: old ? 'the kernel has lost states that were used' : 'this host has not encrypted before' })
  return journal
}

/** What the kernel does not need any more: at once where the other host is gone, otherwise after a while. */
function leftOver({ strays, now: clock }: Scene, wanted: Wanted, have: Have): { policies: Policy[]; states: Listed[] } {
  const now = clock()
  const needed = new Set([...wanted.incoming, ...wanted.outgoing.map(({ state }) => state)].map(nameOfState))
  const ends = new Set(wanted.outgoing.flatMap(({ state: { src, dst } }) => [`${src} ${dst}`, `${dst} ${src}`]))
  const places = new Set(wanted.policies.map(placeOfPolicy))
  const left = have.states.filter(each => !needed.has(nameOfState(each)))
  const names = new Set(left.map(nameOfState))
  for (const name of [...strays.keys()].filter(each => !names.has(each))) strays.delete(name)
  for (const name of names) if (!strays.has(name)) strays.set(name, now)
  const states = left.filter(
    each => !ends.has(`${each.src} ${each.dst}`) || now - (strays.get(nameOfState(each)) ?? now) >= grace,
  )
  return { policies: have.policies.filter(each => !places.has(placeOfPolicy(each))), states }
}

/**
 * Brings it in step.
 *
 * @returns how many states and policies were missing
 * @throws KernelError, EtcdFault
 */
export async function apply(scene: Scene): Promise<number> {
  const { tools, path, situation } = scene
  const have = await known(tools)
  const journal = journalFor(scene, have)
  const wanted = wantedBy(scene, journal)
  const [states, policies] = [new Set(have.states.map(nameOfState)), new Set(have.policies.map(nameOfPolicy))]
  const incoming = wanted.incoming.filter(each => !states.has(nameOfState(each)))
  const outgoing = wanted.outgoing.map(({ state }) => state).filter(each => !states.has(nameOfState(each)))
  const lacking = wanted.policies.filter(each => !policies.has(nameOfPolicy(each)))
  const towards = (direction: Policy['direction']) =>
    lacking.filter(each => each.direction === direction).map(putPolicy)
  await tell(tools, 'add what this host understands', [...incoming.map(addState), ...towards('in')])
  if (await scene.publish(journal.nonce, newest(situation.epochs))) await scene.pause(settling)
  writeJournal(path, { ...journal, sent: sentWith(journal.sent, wanted, situation.epochs.send) })
  await tell(tools, 'add what this host sends by', [...outgoing.map(addState), ...towards('out')])
  const left = leftOver(scene, wanted, have)
  await tell(tools, 'remove what is over', [...left.policies.map(deletePolicy), ...left.states.map(deleteState)])
  return incoming.length + outgoing.length + lacking.length
}
