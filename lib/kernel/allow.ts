/** Letting the packets of an endpoint through where other firewalls of the host would drop them. Pure. */
import type { HostFirewall } from './host-firewall.ts'
import { type Allowed, allowByIptables } from './iptables-firewall.ts'
import type { Iptables, Rules, ZoneSource } from './resource.ts'

interface Address {
  readonly family: 4 | 6
  readonly address: string
}

const whole = ({ family, address }: Address): string => `${address}/${family === 4 ? 32 : 128}`

/** New connections to a published port: the reference accepts answers alone, so nobody would reach it. */
const published = (address: Address): Iptables => ({
  kind: 'iptables',
  lifetime: 'own',
  netns: null,
  family: address.family,
  table: 'filter',
  chain: 'CNI-FORWARD',
  rule: ['-d', whole(address), '-m', 'conntrack', '--ctstate', 'DNAT', '-j', 'ACCEPT'],
})

type Policy = Omit<Allowed, 'family' | 'addresses'>

function allowed(family: 4 | 6, addresses: readonly Address[], policy: Policy): readonly Rules[] {
  const here = addresses.filter(each => each.family === family)
  if (here.length === 0) return []
  const rules = allowByIptables({ ...policy, family, addresses: here.map(({ address }) => address) })
  return [...rules, ...here.map(published)]
}

/** The rules, in the reference's chains, that addresses need on this host: none where nobody drops. */
export const allowAddresses = (
  { drops }: Pick<HostFirewall, 'drops'>,
  addresses: readonly Address[],
  adminChain: string,
): readonly Rules[] =>
  drops.flatMap(kind =>
    allowed(kind.family, addresses, { adminChain, ingressPolicy: 'open' }).map(rule => ({ ...rule, ...kind })),
  )

/** The rules of the reference for addresses of both families, wherever they are needed or not. */
export const allowEverywhere = (addresses: readonly Address[], policy: Policy): readonly Rules[] =>
  ([4, 6] as const).flatMap(family => allowed(family, addresses, policy))

/** The addresses as sources of a zone of firewalld, which lets their packets in and through. */
export const trustAddresses = (zone: string, addresses: readonly Address[]): readonly ZoneSource[] =>
  addresses.map(address => ({ kind: 'zone-source', lifetime: 'own', netns: null, zone, source: whole(address) }))
