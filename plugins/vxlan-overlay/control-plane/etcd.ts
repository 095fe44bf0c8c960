/** What the agent has learned of a network in etcd, as a document on this host: a plugin asks nobody but its disk. */
import * as z from 'zod/mini'
import { networkPrefix } from '../../../lib/cnm/names.ts'
import { patiently } from '../../../lib/cnm/patience.ts'
import type { Host } from '../../../lib/host/host.ts'
import type { Store } from '../../../lib/store/store.ts'

/** Written by the agent, by network. */
const area = 'overlay'
/** Written by plugins: networks for which this host needs addresses. */
const wanted = 'overlay-wanted'

const schema = z.object({
  version: z.literal(1),
  /** Where this host's end of the tunnel is. */
  address: z.string(),
  /** Every host with its blocks, this one first. */
  nodes: z.array(z.object({ address: z.string(), blocks: z.array(z.string()) })),
})

export type Learned = z.infer<typeof schema>

/** The latest document; undefined where there is none. */
export async function learned(store: Store, network: string): Promise<Learned | undefined> {
  const found = schema.safeParse(await store.get(area, networkPrefix(network)))
  return found.success ? found.data : undefined
}

/** Writes it; the agent does. False: it is what is there. */
export async function publish(store: Store, network: string, document: Learned): Promise<boolean> {
  if (JSON.stringify(await learned(store, network)) === JSON.stringify(document)) return false
  await store.put(area, networkPrefix(network), document)
  return true
}

/** True where a plugin on this host has needed the network. */
export const isWanted = async (store: Store, network: string): Promise<boolean> =>
  (await store.get(wanted, networkPrefix(network))) !== undefined

/** The place to watch for networks that become wanted. */
export const wantedPlace = wanted

/**
 * The document, with addresses for this host. The first container of a network here waits for its block.
 *
 * @throws CniError 11 where the agent has given none after some seconds
 */
export async function awaitLearned(host: Host, store: Store, network: string): Promise<Learned> {
  const ready = async () => {
    const document = await learned(store, network)
    return document && (document.nodes[0]?.blocks.length ?? 0) > 0 ? document : undefined
  }
  const now = await ready()
  if (now) return now
  await store.put(wanted, networkPrefix(network), { network })
  const msg = `Cannot use network ${network}: "fairlead agent" has got no addresses for this host from etcd`
  return patiently(host, `${msg}; see that it runs, and its log. Waited`, ready)
}
