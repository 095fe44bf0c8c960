/** The loopback network of the host, from where published ports can be reached, and from where not. */
import type { Nft, Resource } from './resource.ts'

/**
 * What keeps the loopback network to the host itself: with route_localnet a packet from a container or the LAN could
 * reach what listens there, and a port published on 127.0.0.1 would be open to forged packets.
 */
const guard: Nft = {
  kind: 'nft',
  lifetime: 'kept',
  netns: null,
  family: 'inet',
  object: 'chain',
  name: 'guard',
  hook: 'type filter hook prerouting priority raw; policy accept;',
  rules: ['meta iiftype != loopback ip daddr 127.0.0.0/8 drop', 'meta iiftype != loopback ip saddr 127.0.0.0/8 drop'],
}

/**
 * What ports published on IPv4 addresses need.
 *
 * @param device the link by which clients on the host reach them through a loopback address; undefined without such
 */
export function loopbackGuard(device: string | undefined): readonly Resource[] {
  if (device === undefined) return [guard]
  const key = `net/ipv4/conf/${device}/route_localnet`
  return [guard, { kind: 'setting', lifetime: 'kept', netns: null, key, value: '1' }]
}
