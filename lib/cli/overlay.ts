/** Files of overlay networks for other hosts. */
import { staticNetwork } from '../../plugins/vxlan-overlay/control-plane/static.ts'
import { type Block, blockSubnet, type Network } from '../../plugins/vxlan-overlay/network.ts'
import { type Conf, schema } from '../../plugins/vxlan-overlay/schema.ts'
import { partsIn } from '../../plugins/vxlan-overlay/subnets.ts'
import { type OverlayFile, overlaysIn } from '../agent/overlay/conf-files.ts'
import { decode } from '../cni/decode.ts'
import { CniError, code } from '../cni/error.ts'
import { type Json, type JsonObject, pick } from '../cni/json.ts'
import type { Host } from '../host/host.ts'
import { canonical, formatSubnet, parseAddress } from '../ipam/cidr.ts'
import { jsonText } from './word.ts'

async function find(host: Host, directory: string, network: string): Promise<OverlayFile> {
  const files = await overlaysIn(host, directory, (_, error) => {
    throw error
  })
  const found = files.find(each => each.network === network)
  if (found) return found
  const msg = `Cannot find the overlay ${network}: no file in ${directory} has a network of that name and of type vxlan-overlay`
  throw new CniError(code.config, `${msg}. Name the directory by --conf-dir`)
}

/** The first block of a size that nobody has; the very first place is left to the network's own addresses. */
function freeBlock(network: Network, size: bigint): Block {
  const taken = [network.own, ...(network.peers ?? []).map(({ blocks }) => blocks)].flat()
  const meets = (offset: bigint) => taken.some(each => offset < each.offset + each.size && each.offset < offset + size)
  const ends = network.parts.map(({ subnet: { first, last } }) => last - first + 1n)
  for (let offset = size; ends.every(end => offset + size <= end); offset += size) {
    if (!meets(offset)) return { offset, size }
  }
  throw new CniError(code.config, `Cannot add a host: the subnet has no block of ${size} addresses left. Enlarge it`)
}

/** The list of hosts with one more, who has as many addresses as the first. */
function withNode({ mode, controlPlane }: Conf, plugin: JsonObject, address: string): Json[] {
  if (!parseAddress(address)) throw new CniError(code.config, `Cannot add a host: ${address} is no IP address`)
  const [first] = controlPlane.nodes
  const network = staticNetwork(controlPlane, partsIn(plugin), mode, first?.address ?? '')
  const [part] = network.parts
  const block = freeBlock(network, network.own[0]?.size ?? 64n)
  const blocks = part ? [formatSubnet(blockSubnet(part, block))] : []
  const plane = { ...controlPlane, nodes: [...controlPlane.nodes, { address: canonical(address), blocks }] }
  staticNetwork(plane, network.parts, mode, address)
  return plane.nodes
}

const without = (object: JsonObject, key: string): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([name]) => name.toLowerCase() !== key))

/**
 * The file of an overlay for its other hosts: without what this host alone has.
 *
 * @param directory where runtimes look for networks
 * @param address of a host to add, which gets a block that is free; undefined for none
 * @throws CniError 7 for a network that is not there, or not of control plane static, and for a host that cannot be added
 */
export async function peersFile(host: Host, directory: string, network: string, address?: string): Promise<string> {
  const { list, plugin } = await find(host, directory, network)
  const { value: conf } = decode(schema, plugin)
  if (conf.controlPlane.type !== 'static') {
    const msg = `Cannot write a file for other hosts of ${network}: its control plane is ${conf.controlPlane.type}`
    throw new CniError(code.config, `${msg}. Give each host a file with blocks of its own`)
  }
  const nodes = address === undefined ? conf.controlPlane.nodes : withNode(conf, plugin, address)
  const shared = { ...without(plugin, 'underlay'), controlPlane: { type: 'static', nodes } }
  const plugins = pick(list, 'plugins')
  const whole = Array.isArray(plugins)
    ? { ...list, plugins: plugins.map(each => (each === plugin ? shared : each)) }
    : shared
  return jsonText(whole)
}
