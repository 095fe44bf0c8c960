/** Addresses that an interface is to get, before it does. Pure. */
import { CniError, code } from '../cni/error.ts'
import type { Ip } from '../cni/result.ts'
import { bareAddress, canonical, familyOf } from './cidr.ts'

/** What no interface can have, or answer at (RFC 6890, RFC 1112, RFC 4291). */
const unfit: readonly (readonly [which: RegExp, what: string])[] = [
  [/^(0\.0\.0\.0|::)$/, 'it stands for no address at all'],
  [/^(127\.|::1$)/, 'it is a loopback address'],
  [/^(22[4-9]\.|23\d\.|ff..:)/, 'it is a multicast address'],
  [/^255\.255\.255\.255$/, 'it is the broadcast address'],
]

/** Why no host can have an address, which is canonical; undefined where one can. */
const whyUnfit = (address: string): string | undefined => unfit.find(([which]) => which.test(address))?.[1]

/** True for an address, with prefix length or without, that may be one host's. */
export const isHosts = (address: string): boolean => whyUnfit(bareAddress(canonical(address))) === undefined

/** The kernel tells addresses of IPv4 apart by their prefix lengths too (__inet_insert_ifa, ipv6_add_addr). */
const identity = (cidr: string): string => (familyOf(cidr) === 6 ? bareAddress(cidr) : cidr)

/**
 * Checks that an interface can have all of the addresses.
 *
 * @throws CniError 7 that names the one that it cannot have, or those two that are the same
 */
export function checkAssignable(ips: readonly Pick<Ip, 'address'>[]): void {
  const seen = new Map<string, string>()
  for (const { address } of ips) {
    const cidr = canonical(address)
    const what = whyUnfit(bareAddress(cidr))
    const refuse = (why: string, remedy: string) => {
      throw new CniError(code.config, `Cannot give ${address} to an interface: ${why}. ${remedy}`)
    }
    if (what) refuse(what, 'Choose another address')
    const twin = seen.get(identity(cidr))
    if (twin) refuse(`the same address is there as ${twin} before`, 'Leave one of the two out')
    seen.set(identity(cidr), address)
  }
}
