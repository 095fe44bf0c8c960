/**
 * Exclusive claims that a killed process cannot leave locked. A claim is a numbered file; one whose process is dead is
 * void, and the next number decides. Nobody ever removes somebody else's living claim, so no race can take it away.
 */
import type { Host } from '../host/host.ts'
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

const isHolder = (value: unknown): value is Holder => typeof value === 'object' && value !== null && 'process' in value

interface State {
  /** `absent`: its holder has just dropped it. */
  readonly is: 'held' | 'void' | 'absent'
  readonly holder?: Holder
}

async function stateOf(host: Host, store: Store, name: string): Promise<State> {
  const written = await store.written(area, name)
  if (written === undefined) return { is: 'absent' }
  const age = host.now() - written
  const holder = await store.get(area, name)
  // Between create and write a claim is empty for a moment.
  if (!isHolder(holder)) return { is: age < writing ? 'held' : 'void' }
  return { is: age <= stale && (await isAlive(host, holder.process)) ? 'held' : 'void', holder }
}

/**
 * Runs `action` with the claim on `name`, and gives its answer; undefined where another living process holds it. What
 * a dead one's children were at is over by then.
 */
export async function withClaim<T>(
  host: Host,
  store: Store,
  name: string,
  action: () => Promise<T>,
  { mark, end }: Terms = {},
): Promise<T | undefined> {
  const holder: Holder = { process: await thisProcess(host), ...(mark === undefined ? {} : { mark }) }
  const left = new Set<string>()
  let number = 0
  while (!(await store.claim(area, `${name}.${number}`, holder))) {
    const state = await stateOf(host, store, `${name}.${number}`)
    if (state.is === 'held') return undefined
    if (state.is === 'absent') continue
    if (state.holder?.mark !== undefined) left.add(state.holder.mark)
    number++
  }
  try {
    if (end) for (const each of left) await end(each)
    return await action()
  } finally {
    // Ours first: whoever claims the number after a void one finds the work done.
    for (let each = number; each >= 0; each--) await store.drop(area, `${name}.${each}`)
  }
}

/** Who has claims on a name: the living, each told apart from all others, and the marks of the dead. */
export interface Claimants {
  readonly living: readonly string[]
  readonly left: readonly string[]
}

/** Looks at the claims on `name`. */
export async function claimantsOf(host: Host, store: Store, name: string): Promise<Claimants> {
  const names = (await store.list(area)).filter(each => each.replace(/\.\d+$/, '') === name)
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
  const names = (await store.list(area)).map(name => name.replace(/\.\d+$/, ''))
  for (const name of new Set(names)) await withClaim(host, store, name, async () => undefined, end ? { end } : {})
}
