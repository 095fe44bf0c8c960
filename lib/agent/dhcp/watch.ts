/** What the daemon looks after by itself: leases of before its start, sandboxes that go, clients that end, time. */
import { watch } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { Host } from '../../host/host.ts'
import { allKept, isClient, type Kept, leaseName, variable } from '../../ipam/dhcp-leases.ts'
import { netnsAt } from '../../kernel/netns.ts'
import { bootId } from '../../store/boot.ts'
import { carriers } from '../../store/carriers.ts'
import { apply, lose } from './change.ts'
import { programName } from './client.ts'
import { nameOf } from './interface.ts'
import { change, type Entry, entryOf, forget, inTurn, type Keeper, start } from './keeper.ts'
import { readNews } from './news.ts'

const isThere = async ({ host }: Keeper, { netns }: Kept): Promise<boolean> => {
  const there = await netnsAt(host, netns.path)
  return typeof there === 'object' && there.id === netns.id
}

/** Starts the client of a lease again, less often with each time that it ends at once. */
async function revive(keeper: Keeper, entry: Entry): Promise<void> {
  const { host, settings, log } = keeper
  if (host.now() < entry.due) return
  const name = await nameOf(entry.kept).catch(() => undefined)
  if (name === undefined) return end(keeper, entry, 'its interface is gone')
  const { link } = entry.kept
  if (link && link.name !== name) await change(keeper, entry, { link: { ...link, name } })
  entry.due = host.now() + entry.pause
  entry.pause = Math.min(entry.pause * 2, settings.resendMax)
  log('asking', entry.kept.holder)
  start(keeper, entry).catch(error => log('failed', entry.kept.holder, { why: String(error) }))
}

async function end(keeper: Keeper, entry: Entry, why: string): Promise<void> {
  keeper.log('ended', entry.kept.holder, { why })
  await forget(keeper, entry)
}

async function look(keeper: Keeper, entry: Entry): Promise<void> {
  const { host } = keeper
  if (!(await isThere(keeper, entry.kept))) return end(keeper, entry, 'its network namespace is gone')
  const { client, kept } = entry
  if (client === undefined || !(await isClient(host, client, kept.mark))) await revive(keeper, entry)
  if (kept.lease?.expires !== undefined && kept.lease.expires <= host.now()) await lose(keeper, entry, 'it has run out')
}

const isKnown = ({ entries }: Keeper, entry: Entry): boolean => entries.get(leaseName(entry.kept.holder)) === entry

const lookInTurn = (keeper: Keeper, entry: Entry): Promise<void> =>
  inTurn(entry, async () => (isKnown(keeper, entry) ? look(keeper, entry) : undefined)).catch(error =>
    keeper.log('failed', entry.kept.holder, { why: String(error) }),
  )

/**
 * Looks at a lease as soon as its sandbox's path changes. The client holds the namespace open, and what is in it: until it
 * ends, others take the container for alive.
 */
export function watchSandbox(keeper: Keeper, entry: Entry): void {
  entry.watch?.close()
  const { path } = entry.kept.netns
  try {
    entry.watch = watch(dirname(path), (_event, name) => {
      if (name === basename(path)) void lookInTurn(keeper, entry)
    }).on('error', () => undefined)
  } catch {
    // A file system or a host that allows no watch: the regular look finds it.
    entry.watch = undefined
  }
}

/** Looks once at every lease that nothing is being done to. */
export async function lookAround(keeper: Keeper): Promise<void> {
  const idle = [...keeper.entries.values()].filter(({ cancel }) => cancel === undefined)
  await Promise.all(idle.map(entry => lookInTurn(keeper, entry)))
}

/** A client, not what it is just telling us with: that carries the same mark. */
async function clientAmong(host: Host, pids: readonly number[]): Promise<number | undefined> {
  for (const pid of pids) {
    const name = await host.files.read(`/proc/${pid}/comm`)
    if (name !== undefined && !name.startsWith(programName)) return pid
  }
  return undefined
}

/** Takes up a lease of before our start; one that no plugin has got is given back. */
async function takeUp(keeper: Keeper, kept: Kept, clients: readonly number[], boot: string): Promise<void> {
  const { host, entries } = keeper
  const entry = entryOf(kept, await clientAmong(host, clients))
  if (kept.boot !== boot || kept.address === undefined) return forget(keeper, entry)
  entries.set(leaseName(kept.holder), entry)
  watchSandbox(keeper, entry)
  const news = await readNews(keeper.store, kept.mark)
  if (news) await apply(keeper, entry, news)
}

/** Takes up the leases that are on disk, and their clients, which may have gone on. */
export async function resume(keeper: Keeper): Promise<void> {
  const { host, store, log } = keeper
  const [boot, clients] = [await bootId(host), await carriers(host, variable)]
  for (const kept of await allKept(store)) {
    await takeUp(keeper, kept, clients.get(kept.mark) ?? [], boot).catch(error =>
      log('failed', kept.holder, { why: String(error) }),
    )
  }
  await lookAround(keeper)
}
