/** The record of an endpoint: what DEL, CHECK and GC need, on disk before the kernel changes. */
import { type JsonObject, pickObject } from '../cni/json.ts'
import type { Request } from '../cni/request.ts'
import type { Host } from '../host/host.ts'
import type { Held } from '../ipam/ipam.ts'
import type { Effect, PortClaim, Resource } from '../kernel/resource.ts'
import { bootId, mountNamespace, type Process, thisProcess } from '../store/boot.ts'
import type { Store } from '../store/store.ts'
import type { HostEnd } from './model.ts'
import { attachmentSuffix, endsWith, type Key, networkPrefix, recordName } from './names.ts'

const area = 'attachments'
/** Milliseconds for which a document may be empty between its creation and the one write to it. */
const writing = 1_000

/** The IPAM of an ADD. `own`: it ran in our process. */
export interface IpamOfRecord {
  readonly type: string
  readonly own: boolean
}

export interface Record {
  readonly version: 1
  /** `adding` until the ADD has succeeded: whoever finds that later cleans up. */
  readonly state: 'adding' | 'complete'
  readonly key: Key
  readonly process: Process
  readonly boot: string
  readonly mounts: string
  readonly netns: { readonly path: string; readonly id: string }
  readonly conf: JsonObject
  readonly args: string
  readonly cniVersion: string
  readonly ipam: IpamOfRecord | undefined
  readonly held: readonly Held[]
  readonly resources: readonly Resource[]
  readonly effects: readonly Effect[]
  readonly ports?: readonly PortClaim[]
  /** Of a chained plugin: the link on the host that leads to the sandbox, made by a plugin before it. */
  readonly hostEnd?: HostEnd
}

const isRecord = (value: unknown): value is Record =>
  typeof value === 'object' &&
  value !== null &&
  (value as Partial<Record>).version === 1 &&
  typeof (value as Partial<Record>).key?.containerId === 'string' &&
  Array.isArray((value as Partial<Record>).resources) &&
  Array.isArray((value as Partial<Record>).held)

const without = (object: JsonObject, dropped: string): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([key]) => key.toLowerCase() !== dropped))

/** The configuration for the calls that DEL makes: without what may be long and is in the record in another form. */
function kept(conf: JsonObject): JsonObject {
  const runtime = pickObject(conf, 'runtimeConfig')
  const rest = without(without(conf, 'prevresult'), 'controlplane')
  return runtime ? { ...without(rest, 'runtimeconfig'), runtimeConfig: without(runtime, 'portmappings') } : rest
}

/** A record that an ADD begins with: nothing leased, nothing made. */
export async function beginRecord(host: Host, request: Request, type: string, netnsId: string): Promise<Record> {
  const { network, containerId, ifName, conf, args, cniVersion } = request
  return {
    version: 1,
    state: 'adding',
    key: { network, containerId, ifName, type },
    process: await thisProcess(host),
    boot: await bootId(host),
    mounts: await mountNamespace(host),
    netns: { path: request.netns, id: netnsId },
    conf: kept(conf),
    args,
    cniVersion,
    ipam: undefined,
    held: [],
    resources: [],
    effects: [],
  }
}

/** Without what is known of other hosts, for the network has that in a document of its own: see `rememberRemotes`. */
const brief = (resource: Resource): Resource => (resource.kind === 'remotes' ? { ...resource, remotes: [] } : resource)

export const saveRecord = (store: Store, record: Record): Promise<void> =>
  store.put(area, recordName(record.key), { ...record, resources: record.resources.map(brief) })

/**
 * Says of a record, which is on disk as it is given, that its ADD has succeeded; gives it as it is then.
 *
 * @param learned what is known only now
 */
export async function completeRecord(
  store: Store,
  record: Record,
  learned: Partial<Pick<Record, 'resources'>> = {},
): Promise<Record> {
  const change = { ...learned, state: 'complete' } as const
  const complete = { ...record, ...change }
  if (!(await store.amend(area, recordName(record.key), change))) await saveRecord(store, complete)
  return complete
}

/** Writes the record that an ADD begins with. False: there is one of that name. */
export const claimRecord = (store: Store, record: Record): Promise<boolean> =>
  store.claim(area, recordName(record.key), record)

/** True while somebody may be writing the record that an ADD begins with: one that can be read is complete. */
export async function isBeingWritten(host: Host, store: Store, key: Key): Promise<boolean> {
  const written = await store.written(area, recordName(key))
  return written !== undefined && host.now() - written < writing
}

export const dropRecord = async (store: Store, record: Record): Promise<void> =>
  void (await store.drop(area, recordName(record.key)))

/** The record of that name. */
export async function loadRecord(store: Store, name: string): Promise<Record | undefined> {
  const value = await store.get(area, name)
  return isRecord(value) ? value : undefined
}

/** The record of exactly this endpoint. */
export const findRecord = (store: Store, key: Key): Promise<Record | undefined> => loadRecord(store, recordName(key))

/** The later ones first: the order in which things are undone. */
async function newestFirst(store: Store, names: readonly string[]): Promise<string[]> {
  const written = new Map<string, number>()
  for (const name of names) written.set(name, (await store.written(area, name)) ?? 0)
  return names.toSorted((left, right) => (written.get(right) ?? 0) - (written.get(left) ?? 0))
}

async function loadAll(store: Store, names: readonly string[]): Promise<Record[]> {
  const records: Record[] = []
  for (const name of names) {
    const record = await loadRecord(store, name)
    if (record) records.push(record)
  }
  return records
}

/** Records of one container's interface under whatever network name: for a network that was renamed since. */
export async function findRenamed(store: Store, key: Key): Promise<Record[]> {
  const isOurs = endsWith(`-${attachmentSuffix(key)}-${key.type}`)
  return loadAll(store, await newestFirst(store, (await store.list(area)).filter(isOurs)))
}

/** Records of one endpoint and type, whatever their place: the later ones first. */
export const findPlaces = async (store: Store, key: Key): Promise<Record[]> =>
  (await findRenamed(store, key)).filter(record => record.key.network === key.network)

/** Every record of an endpoint, of whatever driver. */
export async function recordsOfEndpoint(store: Store, key: Omit<Key, 'type'>): Promise<Record[]> {
  const prefix = `${networkPrefix(key.network)}-${attachmentSuffix(key)}-`
  return loadAll(
    store,
    (await store.list(area)).filter(name => name.startsWith(prefix)),
  )
}

/** Every record of a network, of one driver or of all: the later ones first. */
export async function recordsOf(store: Store, network: string, type?: string): Promise<Record[]> {
  const prefix = `${networkPrefix(network)}-`
  const isOfType = endsWith(`-${type}`)
  const ours = (name: string) => name.startsWith(prefix) && (type === undefined || isOfType(name))
  return loadAll(store, await newestFirst(store, (await store.list(area)).filter(ours)))
}

/** Every record of this host. */
export const allRecords = async (store: Store): Promise<Record[]> => loadAll(store, await store.list(area))

/** Removes what killed writers left of the records whose name starts so. */
export const tidyRecords = (store: Store, prefix: string): Promise<void> => store.tidy(area, prefix)

/** Removes documents that are no records: torn ones, which nothing can be learned from. */
export async function dropTorn(store: Store): Promise<void> {
  await tidyRecords(store, '')
  for (const name of await store.list(area)) if (!(await loadRecord(store, name))) await store.drop(area, name)
}

/** The request that an endpoint was added with, as an operation on it may repeat it. */
export const requestOf = (record: Record, now: Request): Request => ({
  ...now,
  netns: now.operation === 'DEL' ? now.netns : record.netns.path,
  network: record.key.network,
  containerId: record.key.containerId,
  ifName: record.key.ifName,
  conf: record.conf,
  args: record.args,
  text: JSON.stringify(record.conf),
})
