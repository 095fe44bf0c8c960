/**
 * The link that endpoints' links are on: the one that a configuration names, the default route's device, or a VLAN
 * sub-interface of either, which is made for its first user and goes with its last. Pure.
 */
import * as z from 'zod/mini'
import { CniError, code } from '../cni/error.ts'
import { flag } from '../cni/leaf.ts'
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

type Seen = Pick<Facts, 'links' | 'uplink'>

/** The link as it stands; `made`: the VLAN that we make or have made it for, and the link that this is of. */
interface Standing {
  readonly name: string
  readonly now: LinkState
  readonly made?: { readonly vlan: Vlan; readonly below: LinkState; readonly stands: boolean }
}

/** Throws CniError 7 where there is no link, and none can be made. */
function standing(options: ParentOptions, { links, uplink }: Seen): Standing {
  const vlan = askedVlan(options, uplink?.name ?? '')
  const name = vlan?.name ?? (options.parent || (uplink?.name ?? ''))
  const see = (each: string) => links.get(each) ?? (uplink?.name === each ? uplink : undefined)
  const now = see(name)
  if (now && !(vlan && isOurs(vlan, now))) return { name, now }
  const below = vlan && (see(vlan.device) ?? now)
  if (!vlan || !below) throw notFound(vlan?.device ?? name, options.inSandbox)
  return { name, now: now ?? { ...below, addresses: [] }, made: { vlan, below, stands: now !== undefined } }
}

/** What an ADD would find it to be, as far as its name and MTU. Throws as `parentOf` does. */
export function foundParent(options: ParentOptions, seen: Seen): Pick<Parent, 'name' | 'mtu'> {
  const { name, now } = standing(options, seen)
  return { name, mtu: now.mtu }
}

/**
 * Finds it.
 *
 * @throws CniError 7 where there is none and none can be made
 */
export function parentOf(options: ParentOptions, facts: Facts): Parent {
  const { name, now, made } = standing(options, facts)
  if (!made) return { ...now, link: undefined }
  const { mtu, mac, addresses } = now
  return { name, mtu, mac, addresses, link: subInterface(made.vlan, made.below, made.stands, facts) }
}
