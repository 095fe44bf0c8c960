/** A veth pair: an end on the host, and one in the sandbox. Pure. */
import type { Link, Setting } from '../kernel/resource.ts'
import type { Endpoint, Facts } from './model.ts'
import { aliasOf } from './names.ts'

/**
 * Both ends.
 *
 * @param host what the host end has beside what every one has
 * @param up whether the sandbox end comes up
 */
export function vethPair(
  { netns, ifName, hostEnd, hostMac, mac, id }: Endpoint,
  { ipv6 }: Facts,
  mtu: number,
  host: Partial<Link> = {},
  up = true,
): readonly Link[] {
  const shared = { kind: 'link', lifetime: 'own', type: 'veth', mtu, quiet: ipv6 } as const
  const peer = { netns, name: ifName, mac }
  return [
    { ...shared, netns: null, name: hostEnd, mac: hostMac, peer, alias: aliasOf(id), ...host, up: true },
    { ...shared, netns, name: ifName, made: 'as-peer', mac, up },
  ]
}

/** A container must not become the host's router by an advertisement (RFC 4861, section 6.2). */
export const deafToRouters = (dev: string, lifetime: Setting['lifetime']): Setting => ({
  kind: 'setting',
  lifetime,
  netns: null,
  key: `net/ipv6/conf/${dev}/accept_ra`,
  value: '0',
  wish: true,
})
