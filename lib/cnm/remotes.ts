/**
 * What the endpoints of a network share that reaches other hosts: links, addresses on them, and what is known of the
 * others. It changes while they stand: a record has it as it was at its ADD, without the others, and the store as it was at
 * the last one. Once the kernel has been told of the others, the tunnel's alias says so.
 */
import { toldAlias } from '../kernel/remotes-state.ts'
import { linkNameOf, type Offload, type Remotes, type Resource } from '../kernel/resource.ts'
import type { Snapshot } from '../kernel/snapshot.ts'
import type { Store } from '../store/store.ts'

/** The documents of networks, by the name of the tunnel's device. */
const area = 'remotes'

const isOffload = (resource: Resource): resource is Offload => resource.kind === 'offload'
/** The place to watch for tunnels that come to be needed, or no longer are. */
export const tunnelsPlace = area

const isRemotes = (resource: Resource): resource is Remotes => resource.kind === 'remotes'

/** What of the resources a network shares. */
const sharedWith = ({ dev, on }: Remotes, resources: readonly Resource[]): readonly Resource[] =>
  resources.filter(
    each => each.lifetime !== 'own' && [dev, on, bridgeOf(resources, dev)].includes(linkNameOf(each) ?? ''),
  )

/** Where blocks are routed, the bridge is none of the tunnel's. */
const bridgeOf = (resources: readonly Resource[], dev: string): string | undefined =>
  resources.flatMap(each =>
    each.kind === 'link' && each.lifetime === 'counted' && each.name !== dev ? [each.name] : [],
  )[0]

/** What was turned off, and is not to be any more, is turned on again: for the tunnel may stand. */
function turnedOn(latest: readonly Resource[] | undefined, shared: readonly Resource[]): Offload[] {
  if (shared.some(isOffload)) return []
  return (latest ?? []).filter(isOffload).map(each => ({ ...each, value: 'on' }))
}

/** What a network shares, as it should stand now; undefined for one that is not in use here. */
export async function latestOn(store: Store, dev: string): Promise<readonly Resource[] | undefined> {
  const latest = await store.get(area, dev)
  return Array.isArray(latest) ? (latest as readonly Resource[]) : undefined
}

/** A document of a network, before it changed and after. */
export interface Changed {
  readonly before: readonly Resource[] | undefined
  readonly now: readonly Resource[]
}

/**
 * Remembers what is about to be made as the latest.
 *
 * @returns what is to be made beside it, because of what was made before; and by device, what has changed
 */
export async function rememberRemotes(
  store: Store,
  resources: readonly Resource[],
): Promise<{ readonly more: readonly Resource[]; readonly changed: ReadonlyMap<string, Changed> }> {
  const more: Resource[] = []
  const changed = new Map<string, Changed>()
  for (const each of resources.filter(isRemotes)) {
    const before = await latestOn(store, each.dev)
    const shared = sharedWith(each, resources)
    const again = turnedOn(before, shared)
    more.push(...again)
    const now = [...shared, ...again]
    changed.set(each.dev, { before, now })
    if (JSON.stringify(before) !== JSON.stringify(now)) await store.put(area, each.dev, now)
  }
  return { more, changed }
}

/** Remembers again what was before, unless somebody has changed it since. */
export async function revertRemotes(store: Store, dev: string, { before, now }: Changed): Promise<void> {
  if (before && JSON.stringify(await latestOn(store, dev)) === JSON.stringify(now)) await store.put(area, dev, before)
}

/** A tunnel that stands begins at another address, or device, once its host has got that. */
const begun = (link: Resource, { address, device }: { readonly address: string; readonly device: string }): Resource =>
  link.kind === 'link' && link.type === 'vxlan'
    ? { ...link, options: { ...link.options, local: address, dev: device } }
    : link

/**
 * Remembers what is known of others by now, for a network that is in use here.
 *
 * @param underlay where the tunnel begins
 * @returns what was known before; undefined for one that is not in use
 */
export async function updateRemotes(
  store: Store,
  remotes: Remotes,
  underlay: { readonly address: string; readonly device: string },
): Promise<Remotes | undefined> {
  const latest = await latestOn(store, remotes.dev)
  if (!latest) return undefined
  const now = latest.map(each => (isRemotes(each) ? remotes : begun(each, underlay)))
  if (JSON.stringify(now) !== JSON.stringify(latest)) await store.put(area, remotes.dev, now)
  return latest.find(isRemotes)
}

/** True where the kernel has been told of the others as they are here. */
export const isTold = (remotes: Remotes, links: Snapshot): boolean =>
  links.get(remotes.dev)?.alias === toldAlias(remotes)

/** The resources that are to be made, without what the kernel has been told already. */
export const untold = (resources: readonly Resource[], links: Snapshot): readonly Resource[] =>
  resources.filter(each => !isRemotes(each) || !isTold(each, links))

type Read = (dev: string) => Promise<unknown>

/** Reads each document once. */
function readOnce(store: Store): Read {
  const read = new Map<string, Promise<unknown>>()
  return dev => {
    const document = read.get(dev) ?? store.get(area, dev)
    read.set(dev, document)
    return document
  }
}

/** The resources as they should stand now. */
async function latestOf(resources: readonly Resource[], read: Read): Promise<readonly Resource[]> {
  const remotes = resources.find(isRemotes)
  const latest = remotes && ((await read(remotes.dev)) as readonly Resource[] | undefined)
  // Who has no document of the others must not take them for gone.
  if (!remotes || !Array.isArray(latest)) return resources.filter(each => !isRemotes(each))
  const old = sharedWith(remotes, resources)
  return [...latest, ...resources.filter(each => !old.includes(each))]
}

/** Resources of attachments, with those that reach other hosts as they should stand now. */
export async function withRemotes(
  store: Store,
  lists: readonly (readonly Resource[])[],
): Promise<readonly (readonly Resource[])[]> {
  // Containers of one network share a document, which may tell of many hosts.
  const read = readOnce(store)
  return Promise.all(lists.map(each => latestOf(each, read)))
}

/** The tunnels that endpoints of this host need, without one of them. */
export async function tunnelsInUse(store: Store, except = ''): Promise<readonly Remotes[]> {
  const names = (await store.list(area)).filter(each => each !== except)
  const documents = await Promise.all(names.map(each => store.get(area, each)))
  return documents.flatMap(each => (Array.isArray(each) ? (each as readonly Resource[]).filter(isRemotes) : []))
}
