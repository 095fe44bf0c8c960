/** How an attachment gets its lease: a client asks in rounds, with growing pauses between them, until a server answers. */
import { setTimeout as pauseFor } from 'node:timers/promises'
import { CniError, code } from '../../cni/error.ts'
import type { DhcpLease, Holder, Wish } from '../../ipam/dhcp.ts'
import { isClient, type Kept, leaseName } from '../../ipam/dhcp-leases.ts'
import { netnsAt } from '../../kernel/netns.ts'
import { hasTool, packageOf } from '../../kernel/tool.ts'
import { bootId } from '../../store/boot.ts'
import { leaseOf } from './environment.ts'
import { setUp } from './interface.ts'
import {
  change,
  type Entry,
  entryOf,
  firstPause,
  forget,
  freshMark,
  inTurn,
  type Keeper,
  start,
  stop,
} from './keeper.ts'
import type { News } from './news.ts'
import { watchSandbox } from './watch.ts'

/** What is asked for. */
export interface Asked {
  readonly holder: Holder
  readonly netns: string
  readonly wish: Wish
}

/** Throws CniError with this code where there is no client to run. */
export async function needClient({ host }: Keeper, number: number): Promise<void> {
  for (const tool of ['udhcpc', 'nsenter', 'ip']) {
    if (await hasTool(host, tool)) continue
    const msg = `Cannot lease an address: ${tool} is not installed. Install the package ${packageOf(tool)}`
    throw new CniError(number, msg)
  }
}

async function sandboxOf({ host, settings }: Keeper, netns: string): Promise<Kept['netns']> {
  const path = `${settings.prefix}${netns}`
  const there = await netnsAt(host, path)
  if (typeof there === 'object') return { path, id: there.id }
  const msg = `Cannot lease an address: ${path} is no network namespace for the DHCP daemon`
  throw new CniError(code.environment, `${msg}. Run the daemon in the host's mount namespace, or with --hostprefix`)
}

/** One round: the news of a lease, or undefined once the client has ended or the signal says so. */
async function round(keeper: Keeper, entry: Entry, signal: AbortSignal): Promise<News | undefined> {
  const heard = new Promise<News | undefined>(resolve => {
    entry.hear = news => (news.event === 'nak' ? undefined : resolve(news))
    signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
  try {
    const ended = start(keeper, entry).then(() => undefined)
    return await Promise.race([heard, ended])
  } finally {
    entry.hear = undefined
  }
}

async function rounds(keeper: Keeper, entry: Entry, signal: AbortSignal): Promise<News | undefined> {
  for (let pause = firstPause; !signal.aborted; pause = Math.min(pause * 2, keeper.settings.resendMax)) {
    const news = await round(keeper, entry, signal)
    if (news) return news
    await pauseFor(pause, undefined, { signal }).catch(() => undefined)
  }
  return undefined
}

async function ask(
  keeper: Keeper,
  entry: Entry,
  cancelled: AbortSignal,
): Promise<Required<Pick<Kept, 'lease' | 'heard'>>> {
  const { resendTimeout } = keeper.settings
  const { ifName } = entry.kept.holder
  const news = await rounds(keeper, entry, AbortSignal.any([cancelled, AbortSignal.timeout(resendTimeout)]))
  if (!news) {
    const why = cancelled.aborted ? 'it was given up' : `no DHCP server answered within ${resendTimeout / 1_000} s`
    throw new CniError(
      code.tryAgain,
      `Cannot lease an address for ${ifName}: ${why}. See that a server is in its network`,
    )
  }
  try {
    return { lease: leaseOf(news.variables, news.at), heard: news.at }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new CniError(code.internal, `Cannot use the lease for ${ifName}: ${why}. Correct the server`)
  }
}

async function isKeptFor({ host }: Keeper, { kept, client }: Entry, id: string, wish: Wish): Promise<boolean> {
  const same = kept.netns.id === id && JSON.stringify(kept.wish) === JSON.stringify(wish)
  return same && !kept.lost && client !== undefined && (await isClient(host, client, kept.mark))
}

async function obtain(keeper: Keeper, entry: Entry, asked: Asked, cancelled: AbortSignal): Promise<DhcpLease> {
  const netns = await sandboxOf(keeper, asked.netns)
  const { lease: before, address } = entry.kept
  if (before && address !== undefined && (await isKeptFor(keeper, entry, netns.id, asked.wish))) return before
  await needClient(keeper, code.internal)
  // Without a good-bye: what it has is asked for again.
  await stop(keeper, entry, false)
  const { version, boot, holder } = entry.kept
  const again = before ? { lease: before } : {}
  entry.kept = { version, boot, holder, netns, wish: asked.wish, mark: freshMark(keeper.host, holder), ...again }
  await change(keeper, entry, {})
  const index = await setUp(entry.kept).catch(error => {
    throw new CniError(code.environment, `Cannot set ${holder.ifName} up in ${netns.path}: ${error.message}`)
  })
  entry.kept = { ...entry.kept, link: { index, name: holder.ifName } }
  const { lease, heard } = await ask(keeper, entry, cancelled)
  await change(keeper, entry, { lease, heard, address: lease.address })
  watchSandbox(keeper, entry)
  keeper.log('leased', holder, { address: lease.address })
  return lease
}

/**
 * The lease of an attachment: the one it has, or one that a server gives now, the same address if it can be.
 *
 * @param gone aborted when nobody waits for the lease any more
 * @throws CniError 4 for a sandbox or interface that is not there, 11 where no server answers
 */
export async function lease(keeper: Keeper, asked: Asked, gone: AbortSignal): Promise<DhcpLease> {
  const name = leaseName(asked.holder)
  const { host, entries } = keeper
  const { holder, wish } = asked
  const blank: Kept = { version: 1, boot: await bootId(host), holder, netns: { path: '', id: '' }, wish, mark: '' }
  const entry = entries.get(name) ?? entryOf(blank, undefined)
  return inTurn(entry, async () => {
    entries.set(name, entry)
    entry.cancel = new AbortController()
    try {
      return await obtain(keeper, entry, asked, AbortSignal.any([gone, entry.cancel.signal]))
    } catch (error) {
      await forget(keeper, entry)
      throw error
    } finally {
      entry.cancel = undefined
    }
  })
}
