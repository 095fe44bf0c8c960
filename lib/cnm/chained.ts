/** The operations of a chained plugin, from its driver's description and the record on disk, as for an interface plugin. */
import type { Request } from '../cni/request.ts'
import type { Result } from '../cni/result.ts'
import type { Operations } from '../cni/serve.ts'
import { noteUnknown } from '../cni/unknown.ts'
import { perform } from '../kernel/effect.ts'
import { ensure } from '../kernel/kernel.ts'
import { missing } from '../kernel/missing.ts'
import type { Resource } from '../kernel/resource.ts'
import { snapshot } from '../kernel/snapshot.ts'
import { attachedOf } from './attached.ts'
import { informed } from './defaults.ts'
import { detach } from './detach.ts'
import { firewallFor } from './facts.ts'
import { collectGarbage } from './gc.ts'
import { claimPorts } from './host-ports.ts'
import { look } from './look.ts'
import type { Attached, ChainedDriver, Seen } from './model.ts'
import { type Key, placedKeyOf, recordName } from './names.ts'
import { doing, operation, type Ports } from './ports.ts'
import { beginRecord, findPlaces, findRecord, type Record, saveRecord } from './record.ts'
import { placesFor } from './renamed.ts'
import { openSandbox } from './sandbox.ts'
import { dueEffects, heldBySiblings, takeOver } from './siblings.ts'
import { checkNeeds, checkStore } from './status.ts'
import { sweepEarlierBoots } from './sweep.ts'
import { notFound } from './unconfirmed.ts'

async function see<O>(ports: Ports, driver: ChainedDriver<O>, options: O, attached: Attached): Promise<Seen> {
  const tools = ports.tools(attached.id)
  const [seen, firewall] = await Promise.all([
    look(tools, attached.netns, driver.asks(options, attached)),
    firewallFor(tools, driver.asksFirewall?.(options)),
  ])
  return { ...seen, firewall }
}

const linksOf = (resources: readonly Resource[]): string[] =>
  resources.flatMap(each => (each.netns === null && each.kind === 'link' ? [each.name] : []))

async function make(ports: Ports, adding: Record): Promise<void> {
  const tools = ports.tools(recordName(adding.key))
  await saveRecord(ports.store, adding)
  const resources = await claimPorts(tools, ports.store, adding)
  await ensure(tools, resources, await snapshot(tools, null, linksOf(resources)))
  await perform(tools, await dueEffects(ports.store, adding))
  await saveRecord(ports.store, { ...adding, state: 'complete' })
  if (resources.length < adding.resources.length) await takeOver(tools, ports.store, adding)
}

/**
 * A second ADD takes the place of the first: podman reloads so, and so did the reference plugins. Of a type that a list
 * may have several times, what was added after it goes too: it stands on what this one made, and the runtime is about to
 * add it again.
 */
async function clearPlace(ports: Ports, key: Key, request: Request, repeats: boolean): Promise<void> {
  if (repeats && !(await findRecord(ports.store, key))) return
  for (const record of await findPlaces(ports.store, key)) {
    await detach(ports, record, request)
    if (repeats && record.key.place === key.place) return
  }
}

async function add<O>(ports: Ports, driver: ChainedDriver<O>, request: Request): Promise<Result> {
  const { value: options, unknown, notes = [] } = driver.options(request)
  noteUnknown(ports.notes, request.conf, unknown)
  ports.notes.warnings.push(...notes)
  const attached = attachedOf(request, driver.type)
  const key = placedKeyOf(request, driver.type)
  const netnsId = await openSandbox(ports.host, request)
  await sweepEarlierBoots(ports, recordName(key))
  await clearPlace(ports, key, request, driver.repeats ?? false)
  if (!driver.acts(options)) return attached.previous
  return doing(`run ${driver.type} for ${request.ifName} of network ${request.network}`, async () => {
    const seen = await see(ports, driver, options, attached)
    const description = driver.describe(options, attached, seen)
    const begun = await beginRecord(ports.host, request, driver.type, netnsId)
    const { hostEnd } = attached
    const record: Record = { ...begun, key, ...description, ...(hostEnd ? { hostEnd } : {}) }
    try {
      await make(ports, record)
    } catch (error) {
      // The first error is the one to tell; what the clean-up could not do stays in the record for the next DEL.
      await detach(ports, record, request).catch(rest => ports.notes.warnings.push(String(rest)))
      throw error
    }
    return driver.result(options, attached, seen)
  })
}

async function del<O>(
  ports: Ports,
  type: string,
  load: (request: Request) => Promise<ChainedDriver<O>>,
  request: Request,
): Promise<void> {
  await sweepEarlierBoots(ports, recordName(placedKeyOf(request, type)))
  const records = await placesFor(ports, request, type)
  for (const record of records) await detach(ports, record, request)
  if (records.length > 0) return
  const { removeInherited } = await import('./undo-inherited.ts')
  await removeInherited(ports, await load(request), request)
}

const isSame = (left: Resource, right: Resource): boolean => {
  if (left.netns !== right.netns) return false
  if (left.kind === 'setting') return right.kind === 'setting' && left.key === right.key
  if (left.kind !== 'attribute' || right.kind !== 'attribute') return false
  return left.dev === right.dev && left.name === right.name
}

/** What still has to hold of a record: a later plugin of the type may have set the same anew. */
async function expectedOf(ports: Ports, record: Record): Promise<readonly Resource[]> {
  const records = await findPlaces(ports.store, record.key)
  const own = records.findIndex(({ key }) => key.place === record.key.place)
  const later = records.slice(0, Math.max(0, own)).flatMap(({ resources }) => resources)
  return record.resources.filter(each => !later.some(other => isSame(each, other)))
}

async function check<O>(ports: Ports, driver: ChainedDriver<O>, request: Request): Promise<void> {
  const { value: options } = driver.options(request)
  const attached = attachedOf(request, driver.type)
  await openSandbox(ports.host, request)
  if (!driver.acts(options)) return
  const record = await findRecord(ports.store, placedKeyOf(request, driver.type))
  const describe = async () => driver.describe(options, attached, await see(ports, driver, options, attached)).resources
  const resources = record ? await expectedOf(ports, record) : await doing('check', describe)
  const absent = await doing('check', () => missing(ports.tools(''), resources))
  const isHeld = record ? await heldBySiblings(ports.store, record) : () => false
  const [first, ...rest] = absent.filter(each => !isHeld(each))
  if (first) throw notFound(first, rest)
}

async function status<O>(ports: Ports, driver: ChainedDriver<O>, request: Request): Promise<void> {
  const { value: options, unknown } = driver.options(request)
  noteUnknown(ports.notes, request.conf, unknown)
  await checkNeeds(ports.host, driver.needs(options))
  await checkStore(ports)
}

/**
 * The operations of a chained driver of this type. DEL goes by the record and does without the driver where there is one.
 *
 * @param load gives the driver for a configuration
 * @param choosesBackend whether the driver of a request asks for the host's defaults
 */
export function chainedOperationsOf<O>(
  type: string,
  load: (request: Request) => Promise<ChainedDriver<O>>,
  ports: Ports,
  choosesBackend: (request: Request) => boolean = () => false,
): Operations {
  const within = <T>(what: string, work: () => Promise<T>) => operation(ports, what, work)
  type Work<T> = (ports: Ports, driver: ChainedDriver<O>, request: Request) => Promise<T>
  const driven = <T>(what: string, work: Work<T>, asked: Request) =>
    within(what, async () => {
      const request = await informed(ports, asked, choosesBackend)
      return work(ports, await load(request), request)
    })
  return {
    ADD: request => driven(`run ${type}`, add<O>, request),
    DEL: request => within(`undo ${type}`, () => del(ports, type, load, request)),
    CHECK: request => driven(`check ${type}`, check<O>, request),
    GC: request => within('collect garbage', () => collectGarbage(ports, type, request)),
    STATUS: request => driven('tell the status', status<O>, request),
  }
}
