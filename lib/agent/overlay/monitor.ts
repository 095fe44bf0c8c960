/** What somebody else does to links, addresses and entries of this host, as `ip monitor` tells it (ip-monitor(8)). */
import { setTimeout as pauseFor } from 'node:timers/promises'
import { execa } from 'execa'
import type { Host } from '../../host/host.ts'
import { searchPath } from '../../kernel/tool.ts'

/** Milliseconds: a change is many events. */
const calm = 200
/** Milliseconds until a monitor that has ended is started again. */
const pause = 1_000

/** Containers come and go: their links are no business of ours. */
const isContainers = (line: string): boolean => /\bveth[0-9a-f]{11}\b/.test(line)

/** True where the host has lost an address, by which it may have reached others: none of a network's own. */
export const isAddressLost = (line: string): boolean =>
  /^Deleted \d+: (?!lo |fl[bv]\d)\S+ +inet6? /.test(line) && !isContainers(line)

const entry = /^Deleted (?:(\S+) )?dev (fl[bv]\d+)(?: lladdr (\S+))?/

/** What a line of the monitor calls for: a look at everything, or at what tunnels say that they have been told. */
export type News = 'all' | 'told'

/** What we go by, of a link: the kernel tells of a change in two forms, and a list has a third. */
const essence = /<[^>]*>|\bmtu \d+|\bmaster \S+|\bstate \S+|\blink\/\S+ \S+/g

/**
 * Judges the lines of a monitor. Of entries, the end of one that should be there is news. A tunnel that is as before may
 * have another alias, which lines do not show: that we give it one ourselves must not have us look at everything.
 *
 * @param isWanted whether a device should have an entry of an address or a MAC
 */
export function newsIn(isWanted: (dev: string, text: string) => boolean): (line: string) => News | undefined {
  const last = new Map<string, string>()
  return line => {
    const [, address, dev, mac] = entry.exec(line) ?? []
    if (dev !== undefined)
      return [address, mac].some(text => text !== undefined && isWanted(dev, text)) ? 'all' : undefined
    if (/^(Deleted )?(\S+ )?dev /.test(line) || isContainers(line)) return undefined
    const link = /^\d+: ([^\s:@]+)[:@]/.exec(line)?.[1]
    if (link === undefined) return 'all'
    const now = line.match(essence)?.join(' ') ?? ''
    const isSame = last.get(link) === now
    last.set(link, now)
    if (!isSame) return 'all'
    return link.startsWith('flv') ? 'told' : undefined
  }
}

/** Tells of news once things have calmed down, until it is aborted; `lost` is told of addresses that are gone. */
export async function kernelEvents(
  host: Host,
  newsOf: (line: string) => News | undefined,
  { changed, lost }: { changed(news: News): void; lost(): void },
  over: AbortSignal,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  let pending: News | undefined
  const hear = (line: string) => {
    if (isAddressLost(line)) lost()
    // Who flushes thousands of entries is heard once.
    if (pending === 'all') return
    pending = newsOf(line) ?? pending
    if (pending !== undefined) timer ??= setTimeout(ring, calm)
  }
  const ring = () => {
    const news = pending
    timer = pending = undefined
    if (news) changed(news)
  }
  const env = { PATH: searchPath(host).join(':'), LC_ALL: 'C' }
  while (!over.aborted) {
    const child = execa('ip', ['-o', 'monitor', 'link', 'address', 'neigh'], {
      env,
      extendEnv: false,
      reject: false,
      stdin: 'ignore',
      buffer: false,
      cancelSignal: over,
    })
    // A link that is there by now is no news.
    const { stdout } = await execa('ip', ['-o', 'link'], { env, extendEnv: false, reject: false, stdin: 'ignore' })
    for (const line of (stdout ?? '').split('\n')) newsOf(line)
    for await (const line of child.iterable({ from: 'stdout' })) hear(line)
    await child
    await pauseFor(pause, undefined, { signal: over }).catch(() => undefined)
  }
  clearTimeout(timer)
}
