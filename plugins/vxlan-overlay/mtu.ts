/** What a packet of an overlay has room for. Pure. */
import { leastV6 } from '../../lib/cnm/least-mtu.ts'
import type { Facts } from '../../lib/cnm/model.ts'
import type { LinkState } from '../../lib/kernel/snapshot.ts'
import { noLink, refuse } from './control-plane/blocks.ts'
import { partOf } from './network.ts'
import type { Options } from './options.ts'

/** Throws CniError 7 where the host has no link to send by. */
function underlayOf({ underlay: { device } }: Options, { links }: Pick<Facts, 'links'>): LinkState {
  const now = links.get(device)
  if (!now) throw noLink(device)
  if (!now.up)
    throw refuse(`${device}, which other hosts are reached by, is down. Bring it up: ip link set ${device} up`)
  return now
}

/** UDP, VXLAN and the inner Ethernet header (RFC 7348, section 5). */
const wrapping = 8 + 8 + 14
/** SPI, sequence number, IV and ICV (RFC 4303, section 2; RFC 4106, sections 3 and 6). */
const sealing = 4 + 4 + 8 + 16

/** What an outer packet has room for: its payload, and two bytes more where it is encrypted, are a multiple of four then. */
function roomIn(below: number, { underlay: { address }, encrypted }: Options): number {
  const payload = below - (address.includes(':') ? 40 : 20)
  return (encrypted ? 4 * Math.floor((payload - sealing) / 4) - 2 : payload) - wrapping
}

/**
 * The MTU that the tunnel has room for, or a smaller one that was asked for.
 *
 * @throws CniError 7 for one that is too large, or too small for IPv6
 */
export function mtuOf(options: Options, facts: Pick<Facts, 'links'>): number {
  const { mtu, underlay, plan } = options
  const below = underlayOf(options, facts).mtu
  const most = roomIn(below, options)
  if (mtu > most)
    throw refuse(
      `"mtu": ${mtu} is too large: ${underlay.device} has ${below}, of which the tunnel leaves ${most}. Choose no more than that`,
    )
  const chosen = mtu || most
  if (chosen < leastV6 && partOf(plan, 6))
    throw refuse(`an MTU of ${chosen} is too small for IPv6, which needs ${leastV6}. Raise that of ${underlay.device}`)
  return chosen
}
