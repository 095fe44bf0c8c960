/** The operations of a chained plugin, from its driver's description and the record on disk, as for an interface plugin. */
import type { Request } from '../cni/request.ts'
import type { Operations } from '../cni/serve.ts'
import { noteUnknown } from '../cni/unknown.ts'
import { missing } from '../kernel/missing.ts'
import type { PortClaim } from '../kernel/resource.ts'
import { dropVoidClaims } from '../store/claim.ts'
import { attachedOf } from './attached.ts'
import { add, see } from './chained-add.ts'
import { informed } from './defaults.ts'
import { detach } from './detach.ts'
import { expectedAt } from './expected.ts'
import { collectGarbage } from './gc.ts'
import { describePort } from './host-ports.ts'
import type { ChainedDriver } from './model.ts'
import { placedKeyOf, recordName } from './names.ts'
import { endOrphans } from './orphan.ts'
import { doing, operation, type Ports } from './ports.ts'
import { findRecord, type Record } from './record.ts'
import { placesFor } from './renamed.ts'
import { openSandbox } from './sandbox.ts'
import { heldBySiblings } from './siblings.ts'
import { checkNeeds, checkStore } from './status.ts'
import { sweepEarlierBoots } from './sweep.ts'
import { notFound, unconfirmed } from './unconfirmed.ts'

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
  await dropVoidClaims(ports.host, ports.store, mark => endOrphans(ports.host, mark))
}

/** The ports that are asked for are those of the last ADD, of which the record is. */
function checkPorts({ ports = [] }: Record, asked: readonly PortClaim[]): void {
  const published = new Set(ports.map(describePort))
  const lost = asked.map(describePort).find(each => !published.has(each))
  if (lost !== undefined) throw unconfirmed(`${lost} is not published`)
}

async function check<O>(ports: Ports, driver: ChainedDriver<O>, request: Request): Promise<void> {
  const { value: options } = driver.options(request)
  const attached = attachedOf(request, driver.type)
  await openSandbox(ports.host, request)
  if (!driver.acts(options)) return
  const record = await findRecord(ports.store, placedKeyOf(request, driver.type))
  const describe = async () => driver.describe(options, attached, await see(ports, driver, options, attached)).resources
  // What it would pick now is not what somebody else has picked: of that, only what is known stands to be verified.
  const known = async () => (driver.picks ? ((await driver.inherited?.(request, new Map())) ?? []) : describe())
  if (record) checkPorts(record, driver.claims?.(options, attached) ?? [])
  const resources = record ? await expectedAt(ports.store, record) : await doing('check', known)
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
