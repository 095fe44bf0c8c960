/** CHECK and STATUS of an interface plugin: they look, and change nothing. */
import { CniError, code } from '../cni/error.ts'
import type { Request } from '../cni/request.ts'
import { noteUnknown } from '../cni/unknown.ts'
import { missing } from '../kernel/missing.ts'
import type { Resource } from '../kernel/resource.ts'
import { chooseIpam, ipamOf, ipamType } from './delegate.ts'
import { expectedFrom } from './expected.ts'
import { seeDevice, seeLinks, wantedLinks } from './facts.ts'
import type { Driver } from './model.ts'
import { keyOf } from './names.ts'
import { doing, type Ports } from './ports.ts'
import { previousOf } from './previous.ts'
import { findRecord, recordsOfEndpoint } from './record.ts'
import { openSandbox } from './sandbox.ts'
import { heldBySiblings } from './siblings.ts'
import { checkNeeds, checkStore } from './status.ts'
import { notFound } from './unconfirmed.ts'

/** Few networks reach other hosts, or are reached by the host over a link of their own. */
async function latest(ports: Ports, resources: readonly Resource[]): Promise<readonly Resource[]> {
  const changes = (each: Resource) =>
    each.kind === 'remotes' || (each.kind === 'route' && each.netns === null && each.src)
  if (!resources.some(changes)) return resources
  return (await (await import('./latest.ts')).latestResources(ports, [resources]))[0] ?? []
}

/**
 * Finds out whether what an attachment should have is there, as the kernel and its IPAM see it.
 *
 * @throws CniError for the first thing that is not
 */
export async function check<O>(ports: Ports, driver: Driver<O>, request: Request): Promise<void> {
  driver.options(request)
  const netnsId = await openSandbox(ports.host, request)
  const previous = previousOf(request)
  if (!previous) throw new CniError(code.config, 'Cannot check: the required prevResult is missing')
  const record = await findRecord(ports.store, keyOf(request, driver.type))
  const ipam = record ? await ipamOf(ports, record, request) : await chooseIpam(ports, request)
  await ipam?.driver.check(request, record?.held)
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

/** What keeps an ADD from success, in the words of that, as STATUS tells it. */
const unavailable = (error: unknown): never => {
  throw error instanceof CniError ? new CniError(code.notAvailable, error.message) : error
}

/** Few drivers depend on links that are not theirs. */
async function needReady<O>(ports: Ports, driver: Driver<O>, options: O): Promise<void> {
  if (!driver.ready) return
  const tools = ports.tools('')
  const links = await seeLinks(tools, null, await wantedLinks(tools, driver, options, null))
  const device = await seeDevice(tools, driver, options)
  let modules: readonly string[] = []
  try {
    modules = driver.ready(options, { ...links, ...device })
  } catch (error) {
    unavailable(error)
  }
  await checkNeeds(ports.host, { tools: [], modules })
}

/**
 * Finds out whether an ADD could succeed.
 *
 * @throws CniError 50 where it could not, 7 for a configuration that cannot be used
 */
export async function status<O>(ports: Ports, driver: Driver<O>, request: Request): Promise<void> {
  const { value: options, unknown } = driver.options(request)
  noteUnknown(ports.notes, request.conf, unknown)
  await checkNeeds(ports.host, driver.needs(options))
  await checkStore(ports)
  await needReady(ports, driver, options)
  if (ipamType(request) === '') return
  const ipam = await chooseIpam(ports, request).catch(unavailable)
  await ipam?.driver.status(request)
}
