/** What links have of IPv6 that are too small for it. Pure. */
import { CniError, code } from '../cni/error.ts'
import { type Address, type Description, linkNameOf, type Resource } from '../kernel/resource.ts'
import { isV6 } from './gateways.ts'
import type { Facts } from './model.ts'

/** The least that a link with IPv6 may have (RFC 8200, section 5): below it, the kernel has none there (addrconf_notify). */
export const leastV6 = 1280

/** Where it is not described, it follows from another link, or is what the kernel chooses, which is enough. */
function describedMtu(resource: Resource): number | undefined {
  if (resource.kind === 'moved-link') return resource.was.mtu
  return resource.kind === 'link' ? resource.mtu : undefined
}

/** That of a link of the host which keeps what somebody else gave it. */
function foundMtu(resource: Resource, { links }: Pick<Facts, 'links'>): number | undefined {
  return resource.kind === 'link' && resource.netns === null ? links.get(resource.name)?.mtu : undefined
}

/** True for a sysctl of IPv6 of a link, which nothing depends on: without IPv6, there is none. */
const isWishFor = (each: Resource, link: Resource): boolean =>
  each.kind === 'setting' &&
  each.wish === true &&
  each.netns === link.netns &&
  each.key.startsWith('net/ipv6/') &&
  each.key.split('/')[3] === linkNameOf(link)

/** Of the link that an address is for, as it will be. */
function mtuBelow({ dev, netns }: Address, all: readonly Resource[], { links }: Pick<Facts, 'links'>): number {
  const link = all.find(each => 'name' in each && each.name === dev && each.netns === netns)
  return (link && describedMtu(link)) ?? (netns === null ? links.get(dev)?.mtu : undefined) ?? leastV6
}

/**
 * The description, without what is for IPv6 alone on links that cannot have it.
 *
 * @throws CniError 7 where one of them is to have an IPv6 address
 */
export function fitted(description: Description, facts: Pick<Facts, 'links'>): Description {
  const { resources } = description
  for (const each of resources) {
    if (each.kind !== 'address' || !isV6(each.address)) continue
    const mtu = mtuBelow(each, resources, facts)
    if (mtu >= leastV6) continue
    const msg = `Cannot attach: ${each.dev} has an MTU of ${mtu}, which is too small for IPv6: that needs ${leastV6}`
    throw new CniError(code.config, `${msg}. Raise "mtu", or that of the device that it follows, or use IPv4 alone`)
  }
  const small = resources.filter(each => (describedMtu(each) ?? foundMtu(each, facts) ?? leastV6) < leastV6)
  if (small.length === 0) return description
  const rest = resources.filter(each => !small.some(link => isWishFor(each, link)))
  return { ...description, resources: rest.map(each => (small.includes(each) ? { ...each, quiet: false } : each)) }
}
