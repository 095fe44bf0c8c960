/**
 * The link that endpoints' links are on: the one that a configuration names, the default route's device, or a VLAN
 * sub-interface of either, which is made for its first user and goes with its last. Pure.
 */
import * as z from 'zod/mini'
import { CniError, code } from '../cni/error.ts'
import { flag } from '../cni/leaf.ts'
import type { Ip } from '../cni/result.ts'
import { bareAddress, canonical } from '../ipam/cidr.ts'
import type { Link } from '../kernel/resource.ts'
import type { LinkState } from '../kernel/snapshot.ts'
import type { Facts } from './model.ts'
import { linkName } from './schema.ts'
import { isOurs, subInterface, type Vlan, vlanOf } from './sub-interface.ts'

/** The keys that say which link it is, in the words of the reference and of Docker. */
export const parentKeys = {
  master: z.exactOptional(linkName),
  parent: z.exactOptional(linkName),
  linkInContainer: flag,
}

/** Which link it is. */
export interface ParentOptions {
  /** Empty: the device of the default route. */
  readonly parent: string
  /** A VLAN of it; 0 for none. */
  readonly vlan: number
  /** It is in the sandbox. */
  readonly inSandbox: boolean
}

/** Reads them. Throws CniError 7 for two names, and for a sub-interface that would have to be made in a sandbox. */
export function parentOptions(conf: z.infer<z.ZodMiniObject<typeof parentKeys>>, vlan = 0): ParentOptions {
  const { master, parent, linkInContainer } = conf
  if (master !== undefined && parent !== undefined && master !== parent) {
    throw new CniError(
      code.config,
      `Cannot use "master": ${master} beside "parent": ${parent}. Leave one of the two out`,
    )
  }
  if (vlan !== 0 && linkInContainer) {
    const msg = 'Cannot use "vlan" with "linkInContainer": a VLAN is made on links of the host only'
    throw new CniError(code.config, `${msg}. Make it in the container, and name it by "master"`)
  }
  return { parent: master ?? parent ?? '', vlan, inSandbox: linkInContainer }
}

/** The VLAN that is asked for; in a sandbox, links are only used. */
const askedVlan = ({ parent, vlan, inSandbox }: ParentOptions, uplink: string): Vlan | undefined =>
  inSandbox ? undefined : vlanOf(parent || uplink, vlan)

/** The links to look at. */
export function asksOfParent(options: ParentOptions, uplink: string): readonly string[] {
  const vlan = askedVlan(options, uplink)
  return vlan ? [vlan.name, vlan.device] : [options.parent]
}

/** The link, as it is or will be. */
export interface Parent extends Pick<LinkState, 'name' | 'mtu' | 'mac' | 'addresses'> {
  /** It is shared, and of our making. */
  readonly link: Link | undefined
}

function notFound(name: string, inSandbox: boolean): CniError {
  if (name === '') {
    const msg = 'Cannot attach: there is no default route whose device could be the parent'
    return new CniError(code.config, `${msg}. Name the parent interface by "master"`)
  }
  const where = inSandbox ? 'the container' : 'the host'
  return new CniError(code.config, `Cannot use ${name} as parent: ${where} has no link of that name. Correct "master"`)
}

/** Of links on another, those of ipvlan alone may do without Ethernet. Throws CniError 7 where the other has none. */
function checkCarrier(type: Link['type'], { name, ethernet, loopback }: LinkState): void {
  if (ethernet || (type === 'ipvlan' && !loopback)) return
  const msg = `Cannot use ${name} as parent: it is no Ethernet interface, so no link of ${type} can be on it`
  throw new CniError(code.config, `${msg}. Name another by "master"`)
}

type Seen = Pick<Facts, 'links' | 'uplink'>

/** The link as it stands; `made`: the VLAN that we make or have made it for, and the link that this is of. */
interface Standing {
  readonly name: string
  readonly now: LinkState
  readonly made?: { readonly vlan: Vlan; readonly below: LinkState; readonly stands: boolean }
}

/** Throws CniError 7 where there is no link that can have links of the type on it, and none can be made. */
function standing(type: Link['type'], options: ParentOptions, { links, uplink }: Seen): Standing {
  const vlan = askedVlan(options, uplink?.name ?? '')
  const name = vlan?.name ?? (options.parent || (uplink?.name ?? ''))
  const see = (each: string) => links.get(each) ?? (uplink?.name === each ? uplink : undefined)
  const now = see(name)
  if (now && !(vlan && isOurs(vlan, now))) {
    checkCarrier(type, now)
    return { name, now }
  }
  const below = vlan && (see(vlan.device) ?? now)
  if (!vlan || !below) throw notFound(vlan?.device ?? name, options.inSandbox)
  checkCarrier('vlan', below)
  return { name, now: now ?? { ...below, addresses: [] }, made: { vlan, below, stands: now !== undefined } }
}

/** What an ADD would find it to be, and whether it would have to be made. Throws as `parentOf` does. */
export function foundParent(
  type: Link['type'],
  options: ParentOptions,
  seen: Seen,
): Pick<Parent, 'name' | 'mtu'> & { readonly lacks: boolean } {
  const { name, now, made } = standing(type, options, seen)
  return { name, mtu: now.mtu, lacks: made?.stands === false }
}

/**
 * Finds it.
 *
 * @param type of the links that are to be on it
 * @throws CniError 7 where there is none and none can be made
 */
export function parentOf(type: Link['type'], options: ParentOptions, facts: Facts): Parent {
  const { name, now, made } = standing(type, options, facts)
  if (!made) return { ...now, link: undefined }
  const { mtu, mac, addresses } = now
  return { name, mtu, mac, addresses, link: subInterface(made.vlan, made.below, made.stands, facts) }
}

/** Throws CniError 7 for an address that the parent has: it cannot be another's on the same network. */
export function checkOwn({ inSandbox }: ParentOptions, { name, addresses }: Parent, ips: readonly Ip[]): void {
  const taken = ips.find(ip => addresses.some(({ cidr }) => bareAddress(cidr) === bareAddress(canonical(ip.address))))
  if (!taken) return
  const who = inSandbox ? 'the container itself' : 'the host itself'
  throw new CniError(code.config, `Cannot give ${taken.address}: ${who} has it, on ${name}. Choose another address`)
}
