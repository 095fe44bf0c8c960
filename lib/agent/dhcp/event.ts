/** The program that a DHCP client calls when something happens to its lease, under the name `dhcp-event`. */
import { nodeHost } from '../../host/node.ts'
import type { Question } from '../../ipam/dhcp.ts'
import { variable } from '../../ipam/dhcp-leases.ts'
import { openStore } from '../../store/store.ts'
import { isNews, leaveNews, variablesOf } from './news.ts'

/** The client waits for us, so the daemon must not make us wait long. */
const deadline = 2_000

/** Tells the daemon of an event, named by the first argument; status 1 where nothing could be left for it. */
export async function main(_name: string, [event = '']: readonly string[]): Promise<number> {
  if (!isNews(event)) return 0
  const host = nodeHost()
  const [mark, socket] = [host.env(variable), host.env('FAIRLEAD_DHCP_SOCKET')]
  if (mark === undefined || socket === undefined) return 1
  const store = openStore(host, () => undefined)
  await leaveNews(store, { event, mark, at: host.now(), variables: variablesOf(host.environment()) })
  const question: Question = { ask: 'event', mark }
  // A daemon that is down reads the news when it starts.
  await host.ask?.(socket, JSON.stringify(question), deadline).catch(() => undefined)
  return 0
}
