/** ADD of a chained plugin: look, record, kernel, record again; whatever fails leaves nothing behind. */
import type { Request } from '../cni/request.ts'
import type { Result } from '../cni/result.ts'
import { noteUnknown } from '../cni/unknown.ts'
import { digest } from '../host/digest.ts'
import { perform } from '../kernel/effect.ts'
import { ensure } from '../kernel/kernel.ts'
import type { Resource } from '../kernel/resource.ts'
import { snapshot } from '../kernel/snapshot.ts'
import { withClaim } from '../store/claim.ts'
import { attachedOf } from './attached.ts'
import { awaitRemoval, countedLinks } from './counted.ts'
import { detach } from './detach.ts'
import { firewallFor } from './facts.ts'
import { claimPorts } from './host-ports.ts'
import { look } from './look.ts'
import type { Attached, ChainedDriver, Seen } from './model.ts'
import { placedKeyOf, recordName } from './names.ts'
import { patiently } from './patience.ts'
import { clearPlace } from './place.ts'
import { doing, type Ports } from './ports.ts'
import { beginRecord, completeRecord, type Record, recordsOfEndpoint, saveRecord } from './record.ts'
import { openSandbox } from './sandbox.ts'
import { dueEffects, takeOver } from './siblings.ts'
import { sweepEarlierBoots } from './sweep.ts'

/** What the driver asks about. Throws FileError, KernelError. */
export async function see<O>(ports: Ports, driver: ChainedDriver<O>, options: O, attached: Attached): Promise<Seen> {
  const tools = ports.tools(attached.id)
  const asks = driver.asks(options, attached)
  const [seen, firewall, before] = await Promise.all([
    look(tools, attached.netns, asks),
    firewallFor(tools, driver.asksFirewall?.(options)),
    asks.made ? recordsOfEndpoint(ports.store, attached) : [],
  ])
  const others = before.filter(({ key }) => recordName(key) !== attached.id)
  return { ...seen, firewall, made: others.flatMap(({ resources }) => resources) }
}

interface Attempt<O> {
  readonly ports: Ports
  readonly driver: ChainedDriver<O>
  readonly options: O
  readonly attached: Attached
  /** What its record begins with. */
  readonly begun: Record
}

interface Described {
  readonly seen: Seen
  readonly record: Record
}

async function describe<O>({ ports, driver, options, attached, begun }: Attempt<O>): Promise<Described> {
  const seen = await see(ports, driver, options, attached)
  return { seen, record: { ...begun, ...driver.describe(options, attached, seen) } }
}

/** Writes it down; a shared link that somebody else is just removing is waited for, and all described anew. */
async function written<O>(attempt: Attempt<O>, described: Described): Promise<Described> {
  const { ports, attached } = attempt
  await saveRecord(ports.store, described.record)
  const counted = countedLinks(described.record.resources)
  if (counted.length === 0) return described
  const tools = ports.tools(attached.id)
  await awaitRemoval(ports, tools, counted)
  tools.forget(attached.netns)
  const now = await describe(attempt)
  await saveRecord(ports.store, now.record)
  return now
}

const linksOf = (resources: readonly Resource[]): string[] =>
  resources.flatMap(each => (each.netns === null && each.kind === 'link' ? [each.name] : []))

async function make(ports: Ports, { seen, record }: Described): Promise<void> {
  const tools = ports.tools(recordName(record.key))
  const resources = await claimPorts(tools, ports.store, record)
  await ensure(tools, resources, await snapshot(tools, null, linksOf(resources)), seen.sandbox)
  await perform(tools, await dueEffects(ports.store, record))
  await completeRecord(ports.store, record)
  if (resources.length < record.resources.length) await takeOver(tools, ports.store, record)
}

async function attach<O>(attempt: Attempt<O>, request: Request): Promise<Result> {
  const { ports, driver, options, attached } = attempt
  let described = await describe(attempt)
  try {
    described = await written(attempt, described)
    await make(ports, described)
  } catch (error) {
    // The first error is the one to tell; what the clean-up could not do stays in the record for the next DEL.
    await detach(ports, described.record, request).catch(rest => ports.notes.warnings.push(String(rest)))
    throw error
  }
  return driver.result(options, attached, described.seen)
}

/** Where a driver picks what is free in a sandbox, others that do so wait until it is taken. */
function inTurn<O>({ ports, driver, attached, begun }: Attempt<O>, work: () => Promise<Result>): Promise<Result> {
  if (!driver.picks) return work()
  const { host, store } = ports
  const msg = `Cannot run ${driver.type} for ${attached.ifName}: another operation has been at work in ${attached.netns}`
  return patiently(host, msg, () => withClaim(host, store, `sandbox-${digest(16, begun.netns.id)}`, work))
}

/**
 * Adds to an attachment.
 *
 * @throws CniError; nothing of the attempt is left, or else its record is, for the next DEL or GC
 */
export async function add<O>(ports: Ports, driver: ChainedDriver<O>, request: Request): Promise<Result> {
  const { value: options, unknown, notes = [] } = driver.options(request)
  noteUnknown(ports.notes, request.conf, unknown)
  ports.notes.warnings.push(...notes)
  const attached = attachedOf(request, driver.type)
  const key = placedKeyOf(request, driver.type)
  const netnsId = await openSandbox(ports.host, request)
  await sweepEarlierBoots(ports, recordName(key))
  const { hostEnd } = attached
  const first = await beginRecord(ports.host, request, driver.type, netnsId)
  const begun: Record = { ...first, key, ...(hostEnd ? { hostEnd } : {}) }
  const acts = driver.acts(options)
  await clearPlace(ports, driver, acts, begun, request)
  if (!acts) return attached.previous
  const attempt: Attempt<O> = { ports, driver, options, attached, begun }
  return doing(`run ${driver.type} for ${request.ifName} of network ${request.network}`, () =>
    inTurn(attempt, () => attach(attempt, request)),
  )
}
