/** One ADD under way: its parts, and the step that makes what a driver describes. */
import type { Request } from '../cni/request.ts'
import type { Result } from '../cni/result.ts'
import { ensure } from '../kernel/kernel.ts'
import { type Description, isHostEnd, KernelError, type Resource } from '../kernel/resource.ts'
import { checkAgreement } from './agreement.ts'
import { awaitRemoval, countedLinks } from './counted.ts'
import { readFacts } from './facts.ts'
import { claimPorts } from './host-ports.ts'
import { livenessOf } from './liveness.ts'
import type { Driver, Endpoint, Facts } from './model.ts'
import { hostEndMac, hostEndName, machineId, macOf, macOfAddress, recordName } from './names.ts'
import type { Ports } from './ports.ts'
import { findRenamed, type Record, saveRecord } from './record.ts'
import { rememberShared } from './shared.ts'

/** The record grows with what has been done, so that a failure can undo just that. */
export interface Attempt<Options> {
  readonly ports: Ports
  readonly driver: Driver<Options>
  readonly options: Options
  readonly request: Request
  readonly looking: Promise<Facts>
  record: Record
  /** Some of its resources are left to another attachment of the container. */
  waits?: boolean
}

/** Changes the record, here and on disk. */
export const save = async <O>(attempt: Attempt<O>, change: Partial<Record>): Promise<void> => {
  attempt.record = { ...attempt.record, ...change }
  await saveRecord(attempt.ports.store, attempt.record)
}

/** The endpoint: what follows from the request, and the MAC from the leased address where it is ours. */
export async function endpointOf<O>(
  { ports, driver, options, request, record }: Attempt<O>,
  leased: Result,
): Promise<Endpoint> {
  const { containerId, ifName, netns } = request
  const id = recordName(record.key)
  const machine = await machineId(ports.host)
  const v4 =
    driver.macsByAddress && record.ipam?.own
      ? leased.ips.map(ip => macOfAddress(ip.address)).find(mac => mac !== undefined)
      : undefined
  return {
    id,
    containerId,
    ifName,
    netns,
    hostEnd: hostEndName(request),
    hostMac: hostEndMac(machine, id),
    mac: driver.mac(options, leased) ?? v4 ?? macOf(machine, id),
  }
}

/** Another ADD made the shared link first: look again, once. */
const lostRace = (error: unknown): boolean =>
  error instanceof KernelError && error.fault === 'taken' && error.resource !== undefined && !isOwn(error.resource)

const isOwn = ({ lifetime }: Resource): boolean => lifetime === 'own'

type Describe = (facts: Facts) => Description

/** Our host end is still that of an attachment to another network, whose sandbox is gone: wait until it goes too. */
async function vanishes<O>({ ports, record }: Attempt<O>, error: unknown): Promise<boolean> {
  if (!(error instanceof KernelError) || error.fault !== 'taken' || !error.resource || !isHostEnd(error.resource))
    return false
  for (const other of await findRenamed(ports.store, record.key)) {
    if (recordName(other.key) === recordName(record.key)) continue
    if ((await livenessOf(ports.tools(''), other, true)) === 'gone') return true
  }
  return false
}

/** Claims the record's ports, and gives what is to be made now. */
export async function claimed<O>(attempt: Attempt<O>): Promise<readonly Resource[]> {
  const { ports, record } = attempt
  const resources = await claimPorts(ports.tools(recordName(record.key)), ports.store, record)
  attempt.waits = resources.length < record.resources.length
  return resources
}

/** Describes, and writes that down; a shared link that somebody else is just removing is waited for, and described anew. */
async function described<O>(attempt: Attempt<O>, describe: Describe, facts: Facts): Promise<Facts> {
  const description = describe(facts)
  await save(attempt, description)
  const tools = attempt.ports.tools(recordName(attempt.record.key))
  await checkAgreement(attempt.ports, tools, attempt.record)
  const counted = countedLinks(description.resources)
  if (counted.length === 0) return facts
  await awaitRemoval(attempt.ports, tools, counted)
  const now = await lookAgain(attempt, facts)
  await save(attempt, describe(now))
  return now
}

const isSame = (before: Facts, now: Facts): boolean =>
  [...before.links.values()].every(({ name, index }) => now.links.get(name)?.index === index)

/** Another process costs much, and is needed where a link has gone since `before`: this one knows it by its number. */
async function lookAgain<O>(
  { ports, driver, options, request, record }: Attempt<O>,
  before: Facts | undefined,
): Promise<Facts> {
  const tools = ports.tools(recordName(record.key))
  const look = () => readFacts(tools, ports.store, driver, options, request.netns)
  const now = before && (await look())
  if (before && now && isSame(before, now)) return now
  tools.forget(null)
  return look()
}

/** The endpoint's own links may stand already, and would be in the way of the next try. */
async function removeLinks<O>({ ports, record, request }: Attempt<O>): Promise<void> {
  await (await import('./detach.ts')).removeResources(ports, {
    ...record,
    resources: record.resources.filter(({ kind }) => kind === 'link'),
  })
  ports.tools(recordName(record.key)).forget(request.netns)
}

/** Few networks reach other hosts. */
async function make<O>({ ports, record }: Attempt<O>, resources: readonly Resource[], facts: Facts): Promise<void> {
  const tools = ports.tools(recordName(record.key))
  await rememberShared(ports.store, resources, facts.links)
  if (!resources.some(({ kind }) => kind === 'remotes')) return ensure(tools, resources, facts.links)
  await (await import('./forwarding.ts')).ensureWithRemotes(ports, tools, resources, facts.links)
}

/** Makes what `describe` says of the host as it is, the record first. */
export async function build<O>(attempt: Attempt<O>, describe: Describe, first: Facts): Promise<Facts> {
  for (let facts = first, retried = false; ; retried = true) {
    facts = await described(attempt, describe, facts)
    const resources = await claimed(attempt)
    try {
      await make(attempt, resources, facts)
      return facts
    } catch (error) {
      const lost = lostRace(error)
      if (retried || !(lost || (await vanishes(attempt, error)))) throw error
      if (lost) await removeLinks(attempt)
      facts = await lookAgain(attempt, undefined)
    }
  }
}
