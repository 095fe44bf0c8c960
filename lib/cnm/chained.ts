/** The operations of a chained plugin, from its driver's description and the record on disk, as for an interface plugin. */
import type { Request } from '../cni/request.ts'
import type { Result } from '../cni/result.ts'
import type { Operations } from '../cni/serve.ts'
import { noteUnknown } from '../cni/unknown.ts'
import { perform } from '../kernel/effect.ts'
import { ensure, remove } from '../kernel/kernel.ts'
import { missing } from '../kernel/missing.ts'
import type { Resource } from '../kernel/resource.ts'
import { snapshot } from '../kernel/snapshot.ts'
import { attachedOf } from './attached.ts'
import { detach } from './detach.ts'
import { collectGarbage } from './gc.ts'
import { claimPorts } from './host-ports.ts'
import type { Attached, ChainedDriver, Seen } from './model.ts'
import { keyOf, recordName } from './names.ts'
import { doing, operation, type Ports } from './ports.ts'
import { beginRecord, findRecord, type Record, saveRecord } from './record.ts'
import { recordFor } from './renamed.ts'
import { openSandbox } from './sandbox.ts'
import { dueEffects, heldBySiblings, takeOver } from './siblings.ts'
import { checkNeeds, checkStore } from './status.ts'
import { sweepEarlierBoots } from './sweep.ts'
import { notFound } from './unconfirmed.ts'

async function look<O>(ports: Ports, driver: ChainedDriver<O>, options: O, attached: Attached): Promise<Seen> {
  const tools = ports.tools(attached.id)
  const { host, sandbox } = driver.asks(options, attached)
  const [onHost, inside] = await Promise.all([snapshot(tools, null, host), snapshot(tools, attached.netns, sandbox)])
  return { host: onHost, sandbox: inside }
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

/** A second ADD takes the place of the first: podman reloads so, and so did the reference plugins. */
async function add<O>(ports: Ports, driver: ChainedDriver<O>, request: Request): Promise<Result> {
  const { value: options, unknown } = driver.options(request)
  noteUnknown(ports.notes, request.conf, unknown)
  const attached = attachedOf(request, driver.type)
  const key = keyOf(request, driver.type)
  const netnsId = await openSandbox(ports.host, request)
  await sweepEarlierBoots(ports, recordName(key))
  const old = await findRecord(ports.store, key)
  if (old) await detach(ports, old, request)
  if (!driver.acts(options)) return attached.previous
  return doing(`run ${driver.type} for ${request.ifName} of network ${request.network}`, async () => {
    const seen = await look(ports, driver, options, attached)
    const description = driver.describe(options, attached, seen)
    const begun = await beginRecord(ports.host, request, driver.type, netnsId)
    const { hostEnd } = attached
    const record: Record = { ...begun, ...description, ...(hostEnd ? { hostEnd } : {}) }
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
  load: () => Promise<ChainedDriver<O>>,
  request: Request,
): Promise<void> {
  await sweepEarlierBoots(ports, recordName(keyOf(request, type)))
  const record = await recordFor(ports, request, type)
  if (record) return detach(ports, record, request)
  const left = (await load()).inherited?.(request) ?? []
  if (left.length > 0) await remove(ports.tools(''), left)
}

async function check<O>(ports: Ports, driver: ChainedDriver<O>, request: Request): Promise<void> {
  const { value: options } = driver.options(request)
  const attached = attachedOf(request, driver.type)
  await openSandbox(ports.host, request)
  if (!driver.acts(options)) return
  const record = await findRecord(ports.store, keyOf(request, driver.type))
  const resources =
    record?.resources ?? driver.describe(options, attached, await look(ports, driver, options, attached)).resources
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
 * @param load gives the driver
 */
export function chainedOperationsOf<O>(type: string, load: () => Promise<ChainedDriver<O>>, ports: Ports): Operations {
  const within = <T>(what: string, work: () => Promise<T>) => operation(ports, what, work)
  return {
    ADD: request => within(`run ${type}`, async () => add(ports, await load(), request)),
    DEL: request => within(`undo ${type}`, () => del(ports, type, load, request)),
    CHECK: request => within(`check ${type}`, async () => check(ports, await load(), request)),
    GC: request => within('collect garbage', () => collectGarbage(ports, type, request)),
    STATUS: request => within('tell the status', async () => status(ports, await load(), request)),
  }
}
