/** What the agent has learned of a network in etcd, as a document on this host: a plugin asks nobody but its disk. */
import * as z from 'zod/mini'
import { CniError, code } from '../../../lib/cni/error.ts'
import { maybeTexts } from '../../../lib/cni/leaf.ts'
import { networkPrefix } from '../../../lib/cnm/names.ts'
import { patiently } from '../../../lib/cnm/patience.ts'
import type { Host } from '../../../lib/host/host.ts'
import { isAlive, type Process } from '../../../lib/store/boot.ts'
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
  nodes: z.array(
    z.object({
      address: z.string(),
      blocks: z.array(z.string()),
      /** Single ones of other hosts: here a container has to ask for one. */
      addresses: maybeTexts,
    }),
  ),
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

/** How the agent does, as it tells plugins. */
export interface AgentState {
  /** Milliseconds since the epoch: an agent that is there tells it anew before `stale`. */
  readonly at: number
  /** Where that can be seen, it is away once this has ended. */
  readonly process?: Process
  /** Why it cannot follow etcd; absent where it can. */
  readonly away?: string
  /** Why this host is none of the cluster: another one has its id. */
  readonly twin?: string
}

const stateArea = 'overlay-agent'
const stateName = 'state'
/** Milliseconds after which nobody can be there who has said nothing. */
const stale = 90_000

/** Tells plugins how the agent does. */
export const tellState = (store: Store, state: AgentState): Promise<void> => store.put(stateArea, stateName, state)

/** Tells plugins that the agent ends. */
export const tellEnd = (store: Store): Promise<boolean> => store.amend(stateArea, stateName, { at: 0 })

async function isThere(host: Host, { at, process }: AgentState): Promise<boolean> {
  return host.now() - at <= stale && (process === undefined || (await isAlive(host, process)))
}

/** Why there may be no more addresses for this host when its blocks are full, and what to do; undefined where all is well. */
export async function awayBecause(host: Host, store: Store): Promise<{ etcd: boolean; why: string } | undefined> {
  const state = await stateOf(store)
  if (typeof state?.at !== 'number' || !(await isThere(host, state)))
    return { etcd: false, why: '"fairlead agent" does not run. Start it' }
  return state.away === undefined ? undefined : { etcd: true, why: `${state.away}` }
}

const stateOf = async (store: Store) => (await store.get(stateArea, stateName)) as AgentState | undefined

/** Why this host is none of the cluster, as the agent has found last; undefined where it is. */
export const twinOf = async (store: Store): Promise<string | undefined> => (await stateOf(store))?.twin

/** Throws CniError 50 where this host is none of the cluster: what it knows of its addresses is another's to give. */
export async function needPart(store: Store, network: string): Promise<void> {
  const why = await twinOf(store)
  if (why !== undefined) throw new CniError(code.notAvailable, `Cannot use network ${network}: ${why}`)
}

/** True where a plugin on this host has needed the network. */
export const isWanted = async (store: Store, network: string): Promise<boolean> =>
  (await store.get(wanted, networkPrefix(network))) !== undefined

/** The place to watch for networks that become wanted. */
export const wantedPlace = wanted

const want = (store: Store, network: string): Promise<void> => store.put(wanted, networkPrefix(network), { network })

/**
 * The document, for whom it is enough to know whether there is one.
 *
 * @throws CniError 50 where there is none
 */
export async function needLearned(host: Host, store: Store, network: string): Promise<Learned> {
  const document = await learned(store, network)
  if (document) return document
  // Who asks will want to have it.
  await want(store, network)
  const why = (await awayBecause(host, store))?.why ?? 'the agent is about to get a block'
  throw new CniError(code.notAvailable, `Cannot use network ${network}: this host has no addresses yet: ${why}`)
}

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
  await want(store, network)
  const msg = `Cannot use network ${network}: "fairlead agent" has got no addresses for this host from etcd`
  return patiently(host, `${msg}; see that it runs, and its log. Waited`, ready)
}
