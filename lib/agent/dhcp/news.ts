/** A client's news: left on disk before the daemon is told, so that they outlive a daemon that is down. */
import { area, loadKept, nameOfMark, newsName } from '../../ipam/dhcp-leases.ts'
import type { Store } from '../../store/store.ts'
import { names, type Variables } from './environment.ts'

/** `bound` and `renew` bring a lease, `nak` takes it away. */
export interface News {
  readonly event: 'bound' | 'renew' | 'nak'
  readonly mark: string
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly variables: Variables
}

/**
 * The events that say something of a lease. Not `deconfig`: the client tells it when it starts, and when it gives up, which
 * may be a minute before the lease ends; the daemon goes by the lease itself.
 */
export const isNews = (event: string): event is News['event'] => ['bound', 'renew', 'nak'].includes(event)

/** Leaves news of a client, unless its lease is no more. */
export async function leaveNews(store: Store, news: News): Promise<void> {
  const name = nameOfMark(news.mark)
  if ((await loadKept(store, name))?.mark === news.mark) await store.put(area, newsName(name), news)
}

/** The news of the client with this mark. */
export async function readNews(store: Store, mark: string): Promise<News | undefined> {
  const news = (await store.get(area, newsName(nameOfMark(mark)))) as News | undefined
  return news?.mark === mark ? news : undefined
}

/** The variables that matter, of a client's environment. */
export const variablesOf = (environment: Readonly<Record<string, string | undefined>>): Variables =>
  Object.fromEntries(names.flatMap(name => (environment[name] === undefined ? [] : [[name, environment[name]]])))
