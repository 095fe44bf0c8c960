/** GC: everything of a network that belongs to no valid attachment goes. */
import { CniError, code } from '../cni/error.ts'
import { isObject, type JsonObject, pickString } from '../cni/json.ts'
import type { Request } from '../cni/request.ts'
import { belongsTo, type Owner } from '../ipam/lease.ts'
import { isAlive } from '../store/boot.ts'
import { dropVoidClaims } from '../store/claim.ts'
import { chooseIpam } from './delegate.ts'
import { detach } from './detach.ts'
import { networkPrefix } from './names.ts'
import { forgetNotes } from './note.ts'
import { endOrphans } from './orphan.ts'
import type { Ports } from './ports.ts'
import { recordsOf, tidyRecords } from './record.ts'
import { forgetGone } from './shared.ts'
import { sweepEarlierBoots } from './sweep.ts'

const keys = ['cni.dev/valid-attachments', 'cni.dev/attachments']

/**
 * The attachments that are still valid. An absent list is undefined: it says nothing, so nothing may be removed; null is
 * how a runtime without containers writes an empty one.
 *
 * @throws CniError 7 for anything that is no list of attachments
 */
export function validAttachments(conf: JsonObject): readonly Owner[] | undefined {
  const key = keys.find(each => each in conf)
  if (key === undefined) return undefined
  const list = conf[key] ?? []
  const wrong = () => {
    const msg = `Cannot collect garbage: "${key}" must be a list of {"containerID", "ifname"}. Nothing was removed`
    return new CniError(code.config, msg)
  }
  if (!Array.isArray(list)) throw wrong()
  return list.map(each => {
    const containerId = isObject(each) ? pickString(each, 'containerID') : undefined
    const ifName = isObject(each) ? pickString(each, 'ifname') : undefined
    if (containerId === undefined || ifName === undefined) throw wrong()
    return { containerId, ifName }
  })
}

/** What killed processes left of a network, and the memory of attachments that will not come back. */
export async function tidyNetwork(
  { host, store }: Ports,
  network: string,
  isValid: (owner: Owner) => boolean,
): Promise<void> {
  await tidyRecords(store, networkPrefix(network))
  await dropVoidClaims(host, store, mark => endOrphans(host, mark))
  await forgetGone(host, store)
  await forgetNotes(store, (name, { owner }) => !name.startsWith(networkPrefix(network)) || isValid(owner))
}

/**
 * Removes the network's records of this driver, and leases, that belong to none of the valid attachments.
 *
 * @throws CniError with every failure, after all was tried
 */
export async function collectGarbage(ports: Ports, type: string, request: Request): Promise<void> {
  const valid = validAttachments(request.conf)
  if (valid === undefined) return
  await sweepEarlierBoots(ports, '')
  const failures: string[] = []
  const attempt = async (work: () => Promise<void>) => {
    await work().catch(error => failures.push(error instanceof Error ? error.message : String(error)))
  }
  for (const record of await recordsOf(ports.store, request.network, type)) {
    if (valid.some(owner => belongsTo(owner, record.key))) continue
    // The runtime promises that no ADD runs meanwhile; one that does is left to itself.
    if (record.state === 'adding' && (await isAlive(ports.host, record.process))) continue
    await attempt(() => detach(ports, record, request))
  }
  await attempt(async () => {
    const ipam = await chooseIpam(ports, request)
    await ipam?.driver.collect(request, valid)
  })
  await attempt(() => tidyNetwork(ports, request.network, owner => valid.some(each => belongsTo(each, owner))))
  if (failures.length > 0) throw new CniError(code.internal, failures.join('; '))
}
