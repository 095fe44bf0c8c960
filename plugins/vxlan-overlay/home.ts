/** Which of the network's hosts this one is: the one whose address it has. The same file can so serve all of them. */
import { decode } from '../../lib/cni/decode.ts'
import type { JsonObject } from '../../lib/cni/json.ts'
import type { Request } from '../../lib/cni/request.ts'
import type { Ports } from '../../lib/cnm/ports.ts'
import { canonical, contains, formatSubnet, parseAddress } from '../../lib/ipam/cidr.ts'
import { wantedAddresses } from '../../lib/ipam/wanted.ts'
import { defaultDevice } from '../../lib/kernel/default-device.ts'
import { type LocalAddress, localAddresses } from '../../lib/kernel/local-addresses.ts'
import { snapshot } from '../../lib/kernel/snapshot.ts'
import type { Tools } from '../../lib/kernel/tool.ts'
import { bridgeName, tunnelName } from '../../lib/kernel/tunnel-names.ts'
import { noLink, refuse } from './control-plane/blocks.ts'
import { needEncryption } from './control-plane/encryption.ts'
import { awaitLearned, needLearned, needPart } from './control-plane/etcd.ts'
import { networkOf } from './control-plane/index.ts'
import type { Network } from './network.ts'
import type { Underlay } from './options.ts'
import { rangesFor, subnetsOf, withAsked } from './ranges.ts'
import { type Conf, schema, vniOf } from './schema.ts'
import { partsIn } from './subnets.ts'

/** The addresses of this host, written as configurations have them. Throws KernelError. */
export const hostAddresses = async (tools: Tools): Promise<readonly LocalAddress[]> =>
  (await localAddresses(tools)).map(each => ({ ...each, address: canonical(each.address) }))

const where = ({ address, device }: LocalAddress): string => `${address} on ${device}`

/** Throws CniError 7 where the host has no such link; one without an address is another matter. */
async function needDevice(tools: Tools, { underlay: { device } }: Conf, local: readonly LocalAddress[]): Promise<void> {
  if (device === undefined || local.some(each => each.device === device)) return
  if ((await snapshot(tools, null, [device])).size === 0) throw noLink(device)
}

/** The address of this host among those of the network. Throws CniError 7 for none, and for several. */
function amongNodes({ underlay, controlPlane }: Conf, local: readonly LocalAddress[]): Underlay {
  const nodes = controlPlane.nodes.map(({ address }) => address)
  if (nodes.length === 0) throw refuse('"controlPlane.nodes" is empty. List every host, this one too')
  const wanted = underlay.address === undefined ? nodes : nodes.filter(each => each === underlay.address)
  const mine = local.filter(({ address, device }) => wanted.includes(address) && (underlay.device ?? device) === device)
  const [first, second] = mine
  if (first && second)
    throw refuse(
      `this host has several addresses of "controlPlane.nodes", ${mine.map(where).join(' and ')}. Name one by "underlay"`,
    )
  if (first) return first
  const place = underlay.device === undefined ? 'this host' : `its ${underlay.device}`
  throw refuse(
    `none of the addresses in "controlPlane.nodes" (${nodes.join(', ')}) is one of ${place}. Add this host's`,
  )
}

/** The address from which it speaks to a group: the first of the device of the default route, or of another. */
function towardsGroup({ underlay, controlPlane }: Conf, local: readonly LocalAddress[], uplink: string): Underlay {
  const device = underlay.device ?? uplink
  const v6 = controlPlane.group?.includes(':') === true
  const found = local.find(
    each =>
      each.device === device &&
      each.address.includes(':') === v6 &&
      (underlay.address ?? each.address) === each.address,
  )
  if (found) return found
  if (device === '')
    throw refuse('there is no default route whose device could be the underlay. Name one by "underlay"')
  throw refuse(
    `${device} has no IPv${v6 ? 6 : 4} address from which to reach the other hosts. Give it one, or name another device by "underlay"`,
  )
}

/** Throws CniError 7 where the network has addresses that this host has elsewhere. */
function needFree({ parts }: Network, local: readonly LocalAddress[], vni: number): void {
  const others = local.filter(({ device }) => device !== bridgeName(vni) && device !== tunnelName(vni))
  for (const { subnet } of parts) {
    const taken = others.find(({ address }) => contains(subnet, parseAddress(address) ?? { family: 4, value: -1n }))
    if (taken) throw refuse(`subnet ${formatSubnet(subnet)} overlaps ${where(taken)}. Choose another subnet`)
  }
}

const without = (conf: JsonObject, keys: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(conf).filter(([key]) => !keys.includes(key.toLowerCase())))

/** Hosts and their blocks, where these are not written in the configuration. Throws CniError 7 and 11. */
async function withNodes({ host, store }: Pick<Ports, 'host' | 'store'>, request: Request, conf: Conf): Promise<Conf> {
  await needEncryption({ host, store }, request, conf)
  if (conf.controlPlane.type !== 'etcd') return conf
  const isAdd = request.operation === 'ADD'
  if (isAdd || request.operation === 'STATUS') await needPart(store, request.network)
  const known = await (isAdd ? awaitLearned : needLearned)(host, store, request.network)
  const { nodes, address } =
    isAdd && wantedAddresses(request).length > 0
      ? await (await import('./static-address.ts')).withStaticAddress({ host, store }, request, conf, known)
      : known
  return { ...conf, controlPlane: { ...conf.controlPlane, nodes }, underlay: { ...conf.underlay, address } }
}

/**
 * The request with what this host makes of its configuration: where the tunnel begins, and which addresses it may lease.
 *
 * @throws CniError 7 for a network that this host cannot take part in, KernelError
 */
export async function settledRequest(
  ports: Pick<Ports, 'host' | 'store' | 'tools'>,
  request: Request,
): Promise<Request> {
  const tools = ports.tools('')
  const { value: written } = decode(schema, request.conf)
  const [local, conf] = await Promise.all([hostAddresses(tools), withNodes(ports, request, written)])
  await needDevice(tools, conf, local)
  const uplink = conf.underlay.device ?? (await defaultDevice(tools)) ?? ''
  const { address, device } =
    conf.controlPlane.type === 'multicast' ? towardsGroup(conf, local, uplink) : amongNodes(conf, local)
  const plan = networkOf(conf, partsIn(request.conf), address)
  needFree(plan, local, vniOf(conf, request.network))
  const whole: JsonObject = {
    ...without(request.conf, [
      'underlay',
      'controlplane',
      'subnets',
      'ipam',
      'ipmasq',
      ...(conf.internal ? ['isolation'] : []),
    ]),
    underlay: { address, device },
    controlPlane: conf.controlPlane as unknown as JsonObject,
    subnets: subnetsOf(plan),
    ipam: rangesFor(conf.mode, withAsked(plan, request), request.conf),
    ipMasq: !conf.internal && (conf.ipMasq ?? true),
    ...(conf.internal ? { isolation: 'internal' } : {}),
  }
  return { ...request, conf: whole, text: JSON.stringify(whole) }
}
