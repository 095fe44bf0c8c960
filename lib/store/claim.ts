/**
 * Exclusive claims that a killed process cannot leave locked. A claim is a numbered file; one whose process is dead is
 * void, and the next number decides. Nobody ever removes somebody else's living claim, so no race can take it away.
 */
import { FileError, type Host } from '../host/host.ts'
import { isAlive, type Process, thisProcess } from './boot.ts'
import type { Store } from './store.ts'

const area = 'claims'
/** Claims are held for a few file operations; one this old belongs to a process that is frozen or out of sight. */
const stale = 60_000
const writing = 1_000

interface Holder {
  readonly process: Process
  /** What its child processes work for: these may go on when it is killed. */
  readonly mark?: string
}

/** How a claim is made, and what is done about the void ones before it. */
export interface Terms {
  readonly mark?: string
  /** Ends the processes that work for a mark. */
  end?(mark: string): Promise<void>
}

interface State {
  /** `absent`: its holder has just dropped it. */
  readonly is: 'held' | 'void' | 'absent'
  readonly holder?: Holder
}

const isHolder = (value: unknown): value is Holder => typeof value === 'object' && value !== null && 'process' in value

async function isVoid(host: Host, holder: unknown, written: number): Promise<boolean> {
  const age = host.now() - written
  // Between create and write a claim is empty for a moment.
  return isHolder(holder) ? age > stale || !(await isAlive(host, holder.process)) : age >= writing
}

async function stateOf(host: Host, store: Store, name: string): Promise<State> {
  const look = async () => ({ written: await store.written(area, name), holder: await store.get(area, name) })
  const first = await look()
  if (first.written === undefined) return { is: 'absent' }
  const judged = await isVoid(host, first.holder, first.written)
  // Who is dead by now may have dropped it before, and somebody else may have made it anew.
  const same = !judged || JSON.stringify(await look()) === JSON.stringify(first)
  return { is: judged && same ? 'void' : 'held', ...(isHolder(first.holder) && same ? { holder: first.holder } : {}) }
}

type Names = (number: number) => string

/** The void claims before ours, by number, once we have one; undefined where a living process holds one. */
async function acquire(host: Host, store: Store, at: Names, holder: Holder): Promise<readonly State[] | undefined> {
  const before: State[] = []
  while (!(await store.claim(area, at(before.length), holder))) {
    const state = await stateOf(host, store, at(before.length))
    if (state.is === 'held') return undefined
    if (state.is === 'absent') before.length = 0
    else before.push(state)
  }
  for (const number of before.keys()) {
    if ((await stateOf(host, store, at(number))).is === 'void') continue
    // Its successor has done its work and dropped it: who claims it now does not know of ours.
    await store.drop(area, at(before.length))
    return acquire(host, store, at, holder)
  }
  return before
}

/**
 * Runs `action` with the claim on `name`, and gives its answer; undefined where another living process holds it. What a
 * dead one's children were at is over by then.
 */
export async function withClaim<T>(
  host: Host,
  store: Store,
  name: string,
  action: () => Promise<T>,
  { mark, end }: Terms = {},
): Promise<T | undefined> {
  const holder: Holder = { process: await thisProcess(host), ...(mark === undefined ? {} : { mark }) }
  const at: Names = number => `${name}.${number}`
  const before = await acquire(host, store, at, holder)
  if (!before) return undefined
  try {
    for (const { holder: dead } of before) if (end && dead?.mark !== undefined) await end(dead.mark)
    return await action()
  } finally {
    // Ours last: until then nobody can take a later number for the one that decides.
    for (let each = 0; each <= before.length; each++) await tryDrop(store, at(each))
  }
}

/** One that cannot be removed is void as soon as its holder has ended: what was done under it has not failed. */
async function tryDrop(store: Store, name: string): Promise<void> {
  try {
    await store.drop(area, name)
  } catch (error) {
    if (!(error instanceof FileError)) throw error
  }
}

/** Who has claims on a name: the living, each told apart from all others, and the marks of the dead. */
export interface Claimants {
  readonly living: readonly string[]
  readonly left: readonly string[]
}

const nameOf = (claim: string): string => claim.replace(/\.\d+$/, '')

const claimsOn = async (store: Store, name: string): Promise<readonly string[]> =>
  (await store.list(area)).filter(claim => nameOf(claim) === name)

/** Looks at the claims on `name`. */
export async function claimantsOf(host: Host, store: Store, name: string): Promise<Claimants> {
  const names = await claimsOn(store, name)
  const states: State[] = []
  for (const each of names) states.push(await stateOf(host, store, each))
  const of = (is: State['is']) => states.filter(state => state.is === is)
  return {
    living: of('held').map(({ holder }) => JSON.stringify(holder?.process ?? '')),
    left: of('void').flatMap(({ holder }) => holder?.mark ?? []),
  }
}

/** Removes claims whose processes are dead, each by claiming after it: plain removal could take a living one. */
export async function dropVoidClaims(host: Host, store: Store, end: Terms['end']): Promise<void> {
  for (const name of new Set((await store.list(area)).map(nameOf))) {
    const dropOthers = async () => {
      for (const claim of await claimsOn(store, name))
        if ((await stateOf(host, store, claim)).is === 'void') await store.drop(area, claim)
    }
    await withClaim(host, store, name, dropOthers, end ? { end } : {})
  }
}
