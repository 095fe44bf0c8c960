/** Whether this host is cut off from what the control plane etcd would give it. */
import { decode } from '../../../lib/cni/decode.ts'
import { CniError, code } from '../../../lib/cni/error.ts'
import type { Request } from '../../../lib/cni/request.ts'
import type { Ports } from '../../../lib/cnm/ports.ts'
import { schema } from '../schema.ts'
import { partsIn } from '../subnets.ts'
import { checkEncryption } from './encryption.ts'
import { awayBecause, learned } from './etcd.ts'
import { freeIn, leasesOf, roomOf } from './free.ts'
import { networkOf } from './index.ts'

/** Addresses for containers that this host has left. */
async function roomLeft({ host, store }: Pick<Ports, 'host' | 'store'>, request: Request): Promise<number> {
  const { value: conf } = decode(schema, request.conf)
  const document = await learned(store, request.network)
  if (!document) return 0
  const controlPlane = { ...conf.controlPlane, nodes: document.nodes }
  const network = networkOf({ mode: conf.mode, controlPlane }, partsIn(request.conf), document.address)
  return freeIn(await roomOf(host, network, leasesOf(request.conf, request.network)))
}

/**
 * STATUS of a network whose hosts etcd knows.
 *
 * @throws CniError 51 while etcd is away, and while the agent is when addresses are about to run out
 */
export async function checkReach(ports: Pick<Ports, 'host' | 'store'>, request: Request): Promise<void> {
  const { controlPlane, encrypted } = decode(schema, request.conf).value
  if (encrypted) await checkEncryption(ports, request)
  const away = controlPlane.type === 'etcd' ? await awayBecause(ports.host, ports.store) : undefined
  if (!away) return
  const left = await roomLeft(ports, request)
  if (!away.etcd && left >= controlPlane.blockSize / 4) return
  const msg = `Cannot hear of changes on other hosts of network ${request.network}: ${away.why}`
  throw new CniError(code.limited, `${msg}. Containers go on, and there are ${left} addresses for new ones`)
}
