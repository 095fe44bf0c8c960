/** ADD: lease, record, kernel, record again; whatever fails leaves nothing behind. */

import { CniError, code } from '../cni/error.ts'
import type { Request } from '../cni/request.ts'
import { canEncode, emptyResult, type Result } from '../cni/result.ts'
import { noteUnknown } from '../cni/unknown.ts'
import { checkAssignable } from '../ipam/assignable.ts'
import type { Held } from '../ipam/ipam.ts'
import { perform } from '../kernel/effect.ts'
import { ensure } from '../kernel/kernel.ts'
import { type Description, joined } from '../kernel/resource.ts'
import { snapshot } from '../kernel/snapshot.ts'
import type { Tools } from '../kernel/tool.ts'
import { type Attempt, build, claimed, endpointOf, save } from './attempt.ts'
import { chooseIpam, type Ipam, ipamType } from './delegate.ts'
import { readFacts } from './facts.ts'
import { fitted } from './least-mtu.ts'
import type { Driver, Endpoint, Facts } from './model.ts'
import { recordName } from './names.ts'
import { doing, type Ports } from './ports.ts'
import { beginRecord, completeRecord, type Record } from './record.ts'
import { releaseRest, takePlace } from './replace.ts'
import { openSandbox } from './sandbox.ts'
import { selfAddressed, selfAddressedLater } from './self-addressed.ts'
import { rememberShared, supersede } from './shared.ts'
import { dueEffects, takeOver } from './siblings.ts'
import { sweepEarlierBoots } from './sweep.ts'

/** Addresses first, so that one pass makes everything. */
async function attachLeased<O>(attempt: Attempt<O>, ipam: Ipam | undefined, keep: readonly Held[]): Promise<Result> {
  const { driver, options, request, looking } = attempt
  const leasing = ipam?.driver.request(request, keep).then(leased => {
    attempt.record = { ...attempt.record, held: leased.held }
    return leased.result
  })
  const [seen, got] = await Promise.allSettled([looking, leasing ?? emptyResult])
  if (got.status === 'rejected') throw got.reason
  if (seen.status === 'rejected') throw seen.reason
  const leased = got.value
  if (ipam) needAddresses(ipam, leased)
  const endpoint = await endpointOf(attempt, leased)
  const described = (facts: Facts) =>
    joined(driver.links(options, endpoint, facts), driver.addressing(options, endpoint, facts, leased))
  const describe = (facts: Facts): Description => fitted(selfAddressed(described(facts), endpoint), facts)
  const facts = await build(attempt, describe, seen.value)
  return finish(attempt, endpoint, facts, leased)
}

/** An IPAM that needs the link, as another vendor's may: it comes between the two passes. */
async function attachLinked<O>(attempt: Attempt<O>, ipam: Ipam): Promise<Result> {
  const { ports, driver, options, request, looking } = attempt
  const tools = ports.tools(recordName(attempt.record.key))
  const endpoint = await endpointOf(attempt, emptyResult)
  const facts = await build(attempt, seen => fitted(driver.links(options, endpoint, seen), seen), await looking)
  const links = attempt.record.resources
  const { result: leased } = await ipam.driver.request(request, [])
  needAddresses(ipam, leased)
  const addressing = driver.addressing(options, endpoint, facts, leased)
  const before = { resources: links, effects: attempt.record.effects }
  const all = joined(before, addressing)
  await save(attempt, fitted(facts.ipv6 ? selfAddressedLater(all, endpoint) : all, facts))
  const wanted = await claimed(attempt)
  await rememberShared(ports.store, attempt.record.resources, facts.links)
  await ensure(tools, wanted.slice(links.length), facts.links)
  return finish(attempt, endpoint, facts, leased)
}

function needAddresses(ipam: Ipam, leased: Result): void {
  checkAssignable(leased.ips)
  if (leased.ips.length > 0) return
  const msg = `Cannot attach: IPAM plugin returned missing IP config (${ipam.type}). Give it an address, or leave "ipam" out`
  throw new CniError(code.config, msg)
}

/** Few drivers move links. */
async function arrived(tools: Tools, { resources }: Record): Promise<Partial<Pick<Record, 'resources'>>> {
  if (!resources.some(({ kind }) => kind === 'moved-link')) return {}
  return { resources: await (await import('../kernel/arrival.ts')).numbered(tools, resources) }
}

async function finish<O>(attempt: Attempt<O>, endpoint: Endpoint, facts: Facts, leased: Result): Promise<Result> {
  const { ports, driver, options } = attempt
  const tools = ports.tools(endpoint.id)
  await perform(tools, await dueEffects(ports.store, attempt.record))
  await supersede(tools, ports.store, attempt.record.resources)
  attempt.record = await completeRecord(ports.store, attempt.record, await arrived(tools, attempt.record))
  if (attempt.waits) await takeOver(tools, ports.store, attempt.record)
  return driver.result(options, endpoint, facts, leased)
}

/** The specification has ADD fail where the interface exists; better before anything is made. */
async function needFreeName(tools: Tools, { netns, ifName }: Request): Promise<void> {
  if ((await snapshot(tools, netns, [ifName])).size === 0) return
  const msg = `Cannot add ${ifName}: ${netns} has an interface of that name already`
  throw new CniError(code.environment, `${msg}. Call DEL for what made it, or choose another CNI_IFNAME`)
}

/**
 * Attaches a sandbox to a network.
 *
 * @throws CniError; nothing of the attempt is left, or else its record is, for the next DEL or GC
 */
export async function add<O>(ports: Ports, driver: Driver<O>, request: Request): Promise<Result> {
  const { value: options, unknown, notes = [] } = driver.options(request)
  noteUnknown(ports.notes, request.conf, unknown)
  ports.notes.warnings.push(...notes)
  if (!canEncode(request.cniVersion, ipamType(request) !== '')) {
    const msg = `Cannot answer in CNI version ${request.cniVersion}: it has no way to say that there is no address`
    throw new CniError(code.config, `${msg}. Set cniVersion to 0.3.1 or newer`)
  }
  const netnsId = await openSandbox(ports.host, request)
  const ipam = await chooseIpam(ports, request)
  ipam?.driver.validate?.(request)
  const begun = await beginRecord(ports.host, request, driver.type, netnsId)
  const record = { ...begun, ipam: ipam && { type: ipam.type, own: ipam.own } }
  const old = await takePlace(ports, record, request)
  // Processes start while the disk is worked on, and the look at the host runs beside it.
  const tools = ports.tools(recordName(begun.key))
  const looking = Promise.all([
    readFacts(tools, ports.store, driver, options, request.netns),
    needFreeName(tools, request),
  ])
  tools.prepare([request.netns], driver.needs(options).tools.includes('nft'))
  const attempt: Attempt<O> = { ports, driver, options, request, record, looking: looking.then(([facts]) => facts) }
  attempt.looking.catch(() => undefined)
  try {
    await sweepEarlierBoots(ports, recordName(begun.key))
    const linked = ipam?.driver.requests === 'after-links'
    const work = linked ? attachLinked(attempt, ipam) : attachLeased(attempt, ipam, old)
    return await doing(`attach ${request.ifName} to network ${request.network}`, () => work)
  } catch (error) {
    // The first error is the one to tell; what the clean-up could not do stays in the record for the next DEL.
    await (await import('./detach.ts'))
      .detach(ports, attempt.record, request)
      .catch(rest => ports.notes.warnings.push(String(rest)))
    throw error
  } finally {
    await releaseRest(ports, attempt.record, old).catch(rest => ports.notes.warnings.push(String(rest)))
  }
}
