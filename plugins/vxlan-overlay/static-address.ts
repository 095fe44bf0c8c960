/** An address that a runtime asks for, of a network whose hosts etcd knows. */
import type { Request } from '../../lib/cni/request.ts'
import type { Ports } from '../../lib/cnm/ports.ts'
import { contains, formatAddress } from '../../lib/ipam/cidr.ts'
import { wantedAddresses } from '../../lib/ipam/wanted.ts'
import { awaitLearned, type Learned } from './control-plane/etcd.ts'
import { networkOf } from './control-plane/index.ts'
import { singleOf } from './control-plane/single.ts'
import { askFor } from './control-plane/wish.ts'
import { isWithin } from './network.ts'
import type { Conf } from './schema.ts'
import { partsIn } from './subnets.ts'

/**
 * What is known of the network, with the address that is asked for as one of this host's where it is in none of its blocks.
 * Nobody is asked where that is not so, and for what cannot be had anyway.
 *
 * @throws CniError 7 where somebody else has it, 11 where nobody can tell in time
 */
export async function withStaticAddress(
  ports: Pick<Ports, 'host' | 'store'>,
  request: Request,
  { mode, controlPlane }: Conf,
  known: Learned,
): Promise<Learned> {
  const parts = partsIn(request.conf)
  const wanted = wantedAddresses(request).filter(each => parts.some(({ subnet }) => contains(subnet, each)))
  const [first, ...others] = wanted.map(each => ({
    text: formatAddress(each),
    ...singleOf(parts, formatAddress(each)),
  }))
  // Two places are no container's; host-local says so.
  if (!first || others.some(({ offset }) => offset !== first.offset)) return known
  const { own } = networkOf({ mode, controlPlane: { ...controlPlane, nodes: known.nodes } }, parts, known.address)
  if (mode === 'l3' || own.some(block => isWithin(first.offset, block))) return known
  await askFor(ports, request, first.text, first.offset)
  // Since the answer others may have fewer addresses.
  const { nodes, ...rest } = await awaitLearned(ports.host, ports.store, request.network)
  const here = (address: string) => address === rest.address
  return { ...rest, nodes: nodes.map(node => (here(node.address) ? { ...node, addresses: [first.text] } : node)) }
}
