/** The operations of an interface plugin, all from its driver's description and the record on disk. */

import { CniError, code } from '../cni/error.ts'
import type { Request } from '../cni/request.ts'
import type { Result } from '../cni/result.ts'
import { prevResult } from '../cni/result-decode.ts'
import type { Operations } from '../cni/serve.ts'
import { noteUnknown } from '../cni/unknown.ts'
import { missing } from '../kernel/missing.ts'
import type { Resource } from '../kernel/resource.ts'
import { add } from './add.ts'
import { informed } from './defaults.ts'
import { chooseIpam, ipamOf, ipamType } from './delegate.ts'
import { detach } from './detach.ts'
import { expectedFrom } from './expected.ts'
import { collectGarbage } from './gc.ts'
import type { Driver } from './model.ts'
import { keyOf, recordName } from './names.ts'
import { doing, operation, type Ports } from './ports.ts'
import { findRecord, recordsOfEndpoint } from './record.ts'
import { recordFor } from './renamed.ts'
import { isOwnNetns, openSandbox, sameNetns } from './sandbox.ts'
import { heldBySiblings } from './siblings.ts'
import { checkNeeds, checkStore } from './status.ts'
import { type Inherits, linkOfType, removeStray } from './stray.ts'
import { sweepEarlierBoots } from './sweep.ts'
import { notFound } from './unconfirmed.ts'

async function del(ports: Ports, type: string, inherits: Inherits, request: Request): Promise<void> {
  await sweepEarlierBoots(ports, recordName(keyOf(request, type)))
  const record = await recordFor(ports, request, type)
  if (record) return detach(ports, record, request)
  if (request.netns !== '' && (await isOwnNetns(ports.host, request))) throw sameNetns(request)
  await removeStray(ports, keyOf(request, type), inherits, request)
}

/** Few networks reach other hosts. */
async function latest({ store }: Ports, resources: readonly Resource[]): Promise<readonly Resource[]> {
  if (!resources.some(({ kind }) => kind === 'remotes')) return resources
  return (await import('./remotes.ts')).latestResources(store, resources)
}

async function check<O>(ports: Ports, driver: Driver<O>, request: Request): Promise<void> {
  driver.options(request)
  const netnsId = await openSandbox(ports.host, request)
  const previous = prevResult(request.conf, request.cniVersion)
  if (!previous) throw new CniError(code.config, 'Cannot check: the required prevResult is missing')
  const record = await findRecord(ports.store, keyOf(request, driver.type))
  const ipam = record ? await ipamOf(ports, record, request) : await chooseIpam(ports, request)
  await ipam?.driver.check(request)
  if (record && record.netns.id !== netnsId) {
    const msg = `Cannot find ${request.ifName} in ${request.netns}: it was attached in another network namespace`
    throw new CniError(code.internal, `${msg}. Remove the attachment and add it again`)
  }
  const others = await recordsOfEndpoint(ports.store, keyOf(request, driver.type))
  const wanted = await latest(ports, expectedFrom(record, others, previous, request))
  const absent = await doing('check', () => missing(ports.tools(''), wanted))
  const isHeld = record ? await heldBySiblings(ports.store, record) : () => false
  const [first, ...rest] = absent.filter(each => !isHeld(each))
  if (first) throw notFound(first, rest)
}

async function status<O>(ports: Ports, driver: Driver<O>, request: Request): Promise<void> {
  const { value: options, unknown } = driver.options(request)
  noteUnknown(ports.notes, request.conf, unknown)
  await checkNeeds(ports.host, driver.needs(options))
  await checkStore(ports)
  if (ipamType(request) === '') return
  const ipam = await chooseIpam(ports, request).catch(error => {
    throw error instanceof CniError ? new CniError(code.notAvailable, error.message) : error
  })
  await ipam?.driver.status(request)
}

/**
 * The operations of a driver of this type. DEL and GC go by the records alone, and do without it.
 *
 * @param load gives the driver for a configuration
 * @param choosesBackend whether the driver of a request asks for the host's defaults
 * @param inherits what DEL undoes without a record; by default, an interface of the plugin's own type goes
 * @param settle makes of a request what it means on this host, before the driver is asked
 */
export function operationsOf<O>(
  type: string,
  load: (request: Request) => Promise<Driver<O>>,
  ports: Ports,
  choosesBackend: (request: Request) => boolean = () => false,
  inherits: Inherits = linkOfType(type),
  settle: (request: Request) => Promise<Request> = async request => request,
): Operations {
  const within = <T>(what: string, work: () => Promise<T>) => operation(ports, what, work)
  type Work<T> = (ports: Ports, driver: Driver<O>, request: Request) => Promise<T>
  const driven = <T>(what: string, work: Work<T>, asked: Request) =>
    within(what, async () => {
      const request = await informed(ports, await settle(asked), choosesBackend)
      return work(ports, await load(request), request)
    })
  return {
    ADD: (request): Promise<Result> => driven('attach', add<O>, request),
    DEL: request => within('remove the attachment', () => del(ports, type, inherits, request)),
    CHECK: request => driven('check the attachment', check<O>, request),
    GC: request => within('collect garbage', () => collectGarbage(ports, type, request)),
    STATUS: request => driven('tell the status', status<O>, request),
  }
}
