/** The operations of an IPAM plugin that somebody else's interface plugin calls as an executable of its own. */
import { CniError, code } from '../cni/error.ts'
import type { Request } from '../cni/request.ts'
import type { Result } from '../cni/result.ts'
import type { Operations } from '../cni/serve.ts'
import type { Held, IpamDriver, IpamFactory } from '../ipam/ipam.ts'
import { belongsTo, type Owner } from '../ipam/lease.ts'
import { netnsAt } from '../kernel/netns.ts'
import { dropVoidClaims } from '../store/claim.ts'
import { ipamPorts } from './delegate.ts'
import { tidyNetwork, validAttachments } from './gc.ts'
import { livenessOf } from './liveness.ts'
import { type Key, keyOf, recordName } from './names.ts'
import { recall } from './note.ts'
import { endOrphans } from './orphan.ts'
import { operation, type Ports } from './ports.ts'
import { beginRecord, dropRecord, findRecord, type Record, recordsOf, saveRecord } from './record.ts'
import { releaseRest } from './replace.ts'
import { isOwnNetns, sameNetns } from './sandbox.ts'
import { sweepEarlierBoots } from './sweep.ts'

/** Leases of the same attachment whose sandbox is gone; they are taken again. */
async function oldLeases(ports: Ports, key: Key): Promise<readonly Held[]> {
  const record = await findRecord(ports.store, key)
  if (!record) return recall(ports.store, key)
  if (record.state === 'adding' || (await livenessOf(ports.tools(''), record, false)) === 'gone') return record.held
  const msg = `Cannot lease an address: duplicate allocation is not allowed, ${key.containerId} ${key.ifName} has one`
  throw new CniError(
    code.environment,
    `${msg}: ${record.held.map(({ address }) => address).join(', ')}. Call DEL first`,
  )
}

async function add(ports: Ports, driver: IpamDriver, type: string, request: Request): Promise<Result> {
  if (await isOwnNetns(ports.host, request)) throw sameNetns(request)
  const key = keyOf(request, type)
  const old = await oldLeases(ports, key)
  await sweepEarlierBoots(ports, recordName(key))
  const { result, held } = await driver.request(request, old)
  if (held.length === 0) return result
  const there = await netnsAt(ports.host, request.netns)
  const record = await beginRecord(ports.host, request, type, typeof there === 'object' ? there.id : '')
  try {
    const complete: Record = { ...record, state: 'complete', ipam: { type, own: true }, held }
    await saveRecord(ports.store, complete)
    await releaseRest(ports, complete, old)
    return result
  } catch (error) {
    await driver.release(request, held)
    throw error
  }
}

async function del(ports: Ports, driver: IpamDriver, type: string, request: Request): Promise<void> {
  const key = keyOf(request, type)
  await sweepEarlierBoots(ports, recordName(key))
  const record = await findRecord(ports.store, key)
  await driver.release(request, record?.held)
  if (record) await dropRecord(ports.store, record)
  else await recall(ports.store, key)
  await dropVoidClaims(ports.host, ports.store, mark => endOrphans(ports.host, mark))
}

async function collect(ports: Ports, driver: IpamDriver, type: string, request: Request): Promise<void> {
  const valid = validAttachments(request.conf)
  if (valid === undefined) return
  await sweepEarlierBoots(ports, '')
  const isValid = (owner: Owner) => valid.some(each => belongsTo(each, owner))
  for (const record of await recordsOf(ports.store, request.network, type)) {
    if (isValid(record.key)) continue
    await driver.release({ ...request, ...record.key }, record.held)
    await dropRecord(ports.store, record)
  }
  await driver.collect(request, valid)
  await tidyNetwork(ports, request.network, isValid)
}

/** The operations of an IPAM driver. */
export function ipamOperationsOf(type: string, factory: IpamFactory, ports: Ports): Operations {
  const driver = factory(ipamPorts(ports))
  return {
    ADD: request => operation(ports, 'give addresses', () => add(ports, driver, type, request)),
    DEL: request => operation(ports, 'take addresses back', () => del(ports, driver, type, request)),
    CHECK: request =>
      operation(ports, 'check the addresses', async () =>
        driver.check(request, (await findRecord(ports.store, keyOf(request, type)))?.held),
      ),
    GC: request => operation(ports, 'collect garbage', () => collect(ports, driver, type, request)),
    STATUS: request => operation(ports, 'tell the status', () => driver.status(request)),
  }
}
