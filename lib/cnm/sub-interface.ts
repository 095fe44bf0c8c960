/**
 * VLANs of links of the host: the link that carries one is made for its first user and goes with its last, unless
 * somebody else has made it. Pure; see ip-link(8).
 */
import { CniError, code } from '../cni/error.ts'
import { digest } from '../host/digest.ts'
import { sharedGroup } from '../kernel/ip-link.ts'
import type { Link } from '../kernel/resource.ts'
import type { LinkState } from '../kernel/snapshot.ts'
import { leastV6 } from './least-mtu.ts'
import type { Facts } from './model.ts'

/** A VLAN of a device, and the name of the link that carries it. */
export interface Vlan {
  readonly name: string
  readonly device: string
  readonly id: number
  /** Asked for by its number: then a link of that name has to be it. */
  readonly byNumber: boolean
}

/** A link's name as administrators write it, where that fits. */
function nameFor(device: string, id: number): string {
  const name = `${device}.${id}`
  return name.length <= 15 ? name : `fl${digest(8, device)}.${id}`
}

/** The VLAN that is asked for, by its number or by the name of its link; `eth0.100` may also be any link's name. */
export function vlanOf(parent: string, number: number): Vlan | undefined {
  if (number !== 0) return { name: nameFor(parent, number), device: parent, id: number, byNumber: true }
  const [, device = '', digits] = /^(.+)\.([1-9]\d{0,3})$/.exec(parent) ?? []
  const id = Number(digits ?? 0)
  return id >= 1 && id <= 4094 ? { name: parent, device, id, byNumber: false } : undefined
}

/** The file in which the kernel lists the VLANs of this network namespace: name, number and device of each. */
export const vlanList = '/proc/net/vlan/config'

const refuse = (what: string, why: string): CniError => new CniError(code.config, `Cannot use ${what}: ${why}`)
const inWords = ({ id, device }: Vlan): string => `VLAN ${id} of ${device}`

function otherName(vlan: Vlan, facts: Facts): string | undefined {
  const rows = (facts.files.get(vlanList) ?? '').split('\n').map(row => row.split('|').map(cell => cell.trim()))
  return rows.find(([, id, device]) => device === vlan.device && id === String(vlan.id))?.[0]
}

const carries = (vlan: Vlan, { type, parent, options }: LinkState): boolean =>
  type === 'vlan' && parent === vlan.device && options.id === vlan.id

/** True for a link of our making. Throws CniError 7 for one that has the name, and is not the VLAN that was asked for. */
export function isOurs(vlan: Vlan, now: LinkState): boolean {
  if (now.group === sharedGroup) return true
  if (!vlan.byNumber || carries(vlan, now)) return false
  throw refuse(inWords(vlan), `${now.name} is another link. Rename that one, or name by "parent" the link to use`)
}

/**
 * The link that carries a VLAN, for the device below it as it is now.
 *
 * @param stands whether it is there already
 * @throws CniError 7 where the VLAN has another name, or its device is down
 */
export function subInterface(vlan: Vlan, below: LinkState, stands: boolean, facts: Facts): Link {
  const other = stands ? undefined : otherName(vlan, facts)
  if (other !== undefined && other !== vlan.name)
    throw refuse(inWords(vlan), `the host has it as ${other}. Name that by "parent", and leave "vlan" out`)
  if (!below.up) throw refuse(inWords(vlan), `${below.name} is down. Bring it up: ip link set ${below.name} up`)
  return {
    kind: 'link',
    lifetime: 'counted',
    netns: null,
    name: vlan.name,
    type: 'vlan',
    parent: vlan.device,
    options: { id: String(vlan.id) },
    quiet: facts.ipv6 && below.mtu >= leastV6,
    up: true,
  }
}
