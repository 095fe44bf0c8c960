/**
 * Addresses that we put on shared links. The store remembers them by link and MAC, so that a subnet can change: our old
 * gateway goes with the last endpoint that uses it, and nobody else's address ever goes.
 */
import type { Host } from '../host/host.ts'
import { remove } from '../kernel/kernel.ts'
import type { Address, Resource } from '../kernel/resource.ts'
import type { Snapshot } from '../kernel/snapshot.ts'
import type { Tools } from '../kernel/tool.ts'
import type { Store } from '../store/store.ts'
import { livenessOf } from './liveness.ts'
import { allRecords, type Record } from './record.ts'

interface Mark {
  /** Another address has taken its place. */
  readonly superseded: boolean
}

const areaOf = (link: string, mac: string): string => `shared/${link}/${mac}`
const nameOf = (address: string): string => address.replace('/', '_')

const isShared = (resource: Resource): resource is Address =>
  resource.kind === 'address' && resource.lifetime === 'kept'
const isSuperseded = (mark: unknown): boolean => (mark as Mark | undefined)?.superseded === true
const familyOf = (address: string): boolean => address.includes(':')

/** The MAC of a shared link in a description. */
const macOn = (resources: readonly Resource[], link: string): string =>
  resources.flatMap(each => (each.kind === 'link' && each.name === link ? [each.mac ?? ''] : []))[0] ?? ''

/** Our addresses on the links that stand, as `link address/prefix`. */
export async function sharedAddresses(store: Store, links: Snapshot): Promise<ReadonlySet<string>> {
  const found: string[] = []
  for (const { name, mac } of links.values()) {
    const names = await store.list(areaOf(name, mac))
    found.push(...names.map(each => `${name} ${each.replace('_', '/')}`))
  }
  return new Set(found)
}

/** Remembers the shared addresses that are about to be made. One that stands and is not ours stays not ours. */
export async function rememberShared(store: Store, resources: readonly Resource[], links: Snapshot): Promise<void> {
  for (const { dev, address } of resources.filter(isShared)) {
    const area = areaOf(dev, macOn(resources, dev))
    const stands = links.get(dev)?.addresses.some(({ cidr }) => cidr === address)
    const mark = await store.get(area, nameOf(address))
    if (stands ? isSuperseded(mark) : mark === undefined || isSuperseded(mark)) {
      await store.put(area, nameOf(address), { superseded: false } satisfies Mark)
    }
  }
}

/** True if an endpoint that may be alive has the address for its gateway; a running ADD has its record already. */
async function isUsed(tools: Tools, store: Store, { dev, address }: Address): Promise<boolean> {
  const uses = (record: Record) =>
    record.resources.some(each => isShared(each) && each.dev === dev && each.address === address)
  for (const record of (await allRecords(store)).filter(uses)) {
    if ((await livenessOf(tools, record, false)) !== 'gone') return true
  }
  return false
}

async function dropAddress(tools: Tools, store: Store, address: Address, mac: string): Promise<void> {
  await remove(tools, [{ ...address, lifetime: 'own' }])
  await store.drop(areaOf(address.dev, mac), nameOf(address.address))
}

/** After an ADD: our other addresses of the same family on its links have had their day; without users they go now. */
export async function supersede(tools: Tools, store: Store, resources: readonly Resource[]): Promise<void> {
  const wanted = resources.filter(isShared)
  for (const dev of new Set(wanted.map(each => each.dev))) {
    const mac = macOn(resources, dev)
    const here = wanted.filter(each => each.dev === dev)
    const old = (await store.list(areaOf(dev, mac))).map(name => name.replace('_', '/'))
    for (const address of old) {
      const replaced = !address.startsWith('fe80:') && !here.some(each => each.address === address)
      if (!replaced || !here.some(each => familyOf(each.address) === familyOf(address))) continue
      const resource: Address = { kind: 'address', netns: null, dev, address, lifetime: 'kept' }
      if (!(await isUsed(tools, store, resource))) await dropAddress(tools, store, resource, mac)
      else await store.put(areaOf(dev, mac), nameOf(address), { superseded: true } satisfies Mark)
    }
  }
}

/** After a DEL, its record gone: superseded addresses that it was the last to use go. */
export async function releaseShared(tools: Tools, store: Store, resources: readonly Resource[]): Promise<void> {
  for (const address of resources.filter(isShared)) {
    const mac = macOn(resources, address.dev)
    const mark = await store.get(areaOf(address.dev, mac), nameOf(address.address))
    if (isSuperseded(mark) && !(await isUsed(tools, store, address))) await dropAddress(tools, store, address, mac)
  }
}

/** A link is gone, and its addresses with it. */
export async function forgetLink(store: Store, link: string): Promise<void> {
  for (const mac of await store.list(`shared/${link}`)) {
    for (const address of await store.list(areaOf(link, mac))) await store.drop(areaOf(link, mac), address)
    await store.drop(`shared/${link}`, mac)
  }
  await store.drop('shared', link)
  await store.drop('remotes', link)
}

/** Links that somebody else removed: no endpoint has one, and a running ADD that makes one has its record already. */
export async function forgetGone({ files }: Host, store: Store): Promise<void> {
  const gone: string[] = []
  for (const link of await store.list('shared'))
    if ((await files.stat(`/proc/sys/net/ipv4/conf/${link}`)) === undefined) gone.push(link)
  if (gone.length === 0) return
  const used = new Set((await allRecords(store)).flatMap(each => each.resources.filter(isShared).map(({ dev }) => dev)))
  for (const link of gone) if (!used.has(link)) await forgetLink(store, link)
}

/** After a reboot nothing of it stands. */
export async function forgetShared(store: Store): Promise<void> {
  for (const link of [...(await store.list('shared')), ...(await store.list('remotes'))]) await forgetLink(store, link)
}
