/** What becomes of a lease: renewed, refused, run out, and back again. */
import { leaseOf } from './environment.ts'
import { putBack, routesOf, takeAddress } from './interface.ts'
import { change, type Entry, firstPause, type Keeper } from './keeper.ts'
import type { News } from './news.ts'

/**
 * Takes the address off the interface: without a lease it may be another machine's by now (RFC 2131, section 4.4.5). The
 * interface stays up, other than with the reference: it may have other addresses, and the client asks through it.
 */
export async function lose(keeper: Keeper, entry: Entry, why: string): Promise<void> {
  const { kept } = entry
  if (kept.lost || kept.address === undefined) return
  keeper.log('lost', kept.holder, { address: kept.address, why })
  await change(keeper, entry, { lost: { routes: await routesOf(kept) } })
  await takeAddress(kept, kept.address).catch(error => keeper.log('failed', kept.holder, { why: String(error) }))
}

/** Gives the interface its address and routes again. */
async function regain(keeper: Keeper, entry: Entry): Promise<void> {
  const { lost, holder, address } = entry.kept
  if (!lost || address === undefined) return
  // A route that no longer fits is no reason to go without the others.
  await putBack(entry.kept, address, lost.routes).catch(error => keeper.log('failed', holder, { why: String(error) }))
  const { lost: _, ...kept } = entry.kept
  entry.kept = kept
  keeper.log('regained', holder, { address })
}

/** Acts upon what a client tells of a lease that was handed out before; once, for news stay where they were left. */
export async function apply(keeper: Keeper, entry: Entry, news: News): Promise<void> {
  if (news.at <= (entry.kept.heard ?? 0)) return
  entry.kept = { ...entry.kept, heard: news.at }
  if (news.event === 'nak') return lose(keeper, entry, `the server refuses it: ${news.variables.message ?? ''}`)
  const lease = leaseOf(news.variables, news.at)
  const { address, holder } = entry.kept
  entry.pause = firstPause
  if (lease.address === address) await regain(keeper, entry)
  else await lose(keeper, entry, `the server gives ${lease.address} instead. Remove the attachment and add it again`)
  await change(keeper, entry, { lease })
  if (news.event === 'bound') keeper.log('bound', holder, { address: lease.address })
}
