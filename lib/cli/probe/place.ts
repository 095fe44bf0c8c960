/** Where on a network this host and another one are: the addresses that hosts have there of their own. */
import { settledRequest } from '../../../plugins/vxlan-overlay/home.ts'
import { addressAt, type Block, nodeOffset, tunnelAddress } from '../../../plugins/vxlan-overlay/network.ts'
import { type Options, readOptions } from '../../../plugins/vxlan-overlay/options.ts'
import { overlaysIn } from '../../agent/overlay/conf-files.ts'
import { CniError, code } from '../../cni/error.ts'
import { requestAbout } from '../../cni/request-about.ts'
import type { Ports } from '../../cnm/ports.ts'
import type { Host } from '../../host/host.ts'
import { canonical, contains, formatAddress, parseAddress } from '../../ipam/cidr.ts'
import { snapshot } from '../../kernel/snapshot.ts'
import { bridgeName, tunnelName } from '../../kernel/tunnel-names.ts'

/** This host on a network. */
export interface Place {
  readonly options: Options
  /** Its address on the network, of the first family that this has. */
  readonly own: string
  readonly mtu: number
}

const fail = (what: string, why: string): CniError => new CniError(code.config, `Cannot probe ${what}: ${why}`)

/** The file of the network, or of the only one there is. Throws CniError 7. */
async function fileOf(host: Host, directory: string, network: string | undefined) {
  const files = await overlaysIn(host, directory, (_, error) => {
    throw error
  })
  const [found, ...others] = network === undefined ? files : files.filter(each => each.network === network)
  if (!found)
    throw fail(network ?? 'an overlay', `no file in ${directory} has it. Name another directory by --conf-dir`)
  if (others.length === 0) return found
  const names = [found, ...others].map(each => each.network).join(', ')
  throw fail('an overlay', `there are several, ${names}. Name one by --network`)
}

/** The address of a host that has these blocks. */
function nodeAddress({ mode, plan }: Options, blocks: readonly Block[]): string | undefined {
  const [part] = plan.parts
  if (!part || blocks.length === 0) return undefined
  if (mode === 'l3') return tunnelAddress(part, blocks)
  const offset = nodeOffset({ ...plan, own: blocks })
  return offset === undefined ? undefined : formatAddress(addressAt(part, offset))
}

/**
 * This host on a network.
 *
 * @param network undefined for the only one there is
 * @throws CniError 7 where there is none, or where it does not stand here
 */
export async function placeOf(ports: Ports, directory: string, network: string | undefined): Promise<Place> {
  const file = await fileOf(ports.host, directory, network)
  const { value: options } = readOptions(await settledRequest(ports, requestAbout(file.network, file.plugin)))
  const own = nodeAddress(options, options.plan.own)
  const name = options.mode === 'l3' ? tunnelName(options.vni) : bridgeName(options.vni)
  const link = (await snapshot(ports.tools(''), null, [name])).get(name)
  if (own && link?.up) return { options, own, mtu: link.mtu }
  throw fail(file.network, 'no container of this host is on it, so there is no tunnel. Add one, on the other host too')
}

/**
 * The address on the network of another host.
 *
 * @param peer its address in the list of hosts, or one on the network
 * @throws CniError 7 for another one
 */
export function peerAddress({ options, own }: Place, peer: string): string {
  const { plan, network, underlay } = options
  const address = parseAddress(peer)
  const wanted = canonical(peer)
  if (!address) throw fail(network, `${peer} is no address of a host`)
  if (wanted === own || wanted === underlay.address) throw fail(network, `${peer} is this host. Name another one`)
  const listed = plan.peers?.find(({ vtep }) => vtep === wanted)
  const found =
    listed &&
    nodeAddress(
      options,
      listed.blocks.filter(({ size }) => size > 1n),
    )
  if (found) return found
  const [part] = plan.parts
  if (part && contains(part.subnet, address)) return wanted
  const known = plan.peers?.map(({ vtep }) => vtep).join(', ') || 'no other host'
  throw fail(network, `${peer} is none of its hosts; it has ${known}`)
}
