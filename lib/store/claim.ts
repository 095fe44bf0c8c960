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
}

const isHolder = (value: unknown): value is Holder => typeof value === 'object' && value !== null && 'process' in value

/** `absent`: its holder has just dropped it. */
async function stateOf(host: Host, store: Store, name: string): Promise<'held' | 'void' | 'absent'> {
  const written = await store.written(area, name)
  if (written === undefined) return 'absent'
  return (await isHeld(host, store, name, written)) ? 'held' : 'void'
}

async function isHeld(host: Host, store: Store, name: string, written: number): Promise<boolean> {
  if (host.now() - written > stale) return false
  const holder = await store.get(area, name)
  // Between create and write a claim is empty for a moment.
  return isHolder(holder) ? isAlive(host, holder.process) : host.now() - written < writing
}

/** Runs `action` with the claim on `name`, and gives its answer; undefined where another living process holds it. */
export async function withClaim<T>(
  host: Host,
  store: Store,
  name: string,
  action: () => Promise<T>,
): Promise<T | undefined> {
  const holder: Holder = { process: await thisProcess(host) }
  let number = 0
  while (!(await store.claim(area, `${name}.${number}`, holder))) {
    const state = await stateOf(host, store, `${name}.${number}`)
    if (state === 'held') return undefined
    if (state === 'void') number++
  }
  try {
    return await action()
  } finally {
    // Ours first: whoever claims the number after a void one finds the work done.
    for (let each = number; each >= 0; each--) await store.drop(area, `${name}.${each}`)
  }
}

/** True while a living process holds the claim on `name`. */
export async function isClaimed(host: Host, store: Store, name: string): Promise<boolean> {
  const numbers = (await store.list(area)).filter(each => each.replace(/\.\d+$/, '') === name)
  for (const each of numbers) if ((await stateOf(host, store, each)) === 'held') return true
  return false
}

/** Removes claims whose processes are dead, each by claiming after it: plain removal could take a living one. */
export async function dropVoidClaims(host: Host, store: Store): Promise<void> {
  const names = (await store.list(area)).map(name => name.replace(/\.\d+$/, ''))
  for (const name of new Set(names)) await withClaim(host, store, name, async () => undefined)
}
