/** Where our results differ from the reference's on purpose, as `differences` tells it. */

export const versions = ['0.1.0', '0.2.0', '0.3.0', '0.3.1', '0.4.0', '1.0.0', '1.1.0'] as const
type Version = (typeof versions)[number]

const isFirst = (version: Version): boolean => version < '0.3'
const isThird = (version: Version): boolean => version >= '1'

export type Intended = (version: Version) => string[]

export const none: Intended = () => []

/** Gateways of routes without one, by family. */
interface Gateways {
  readonly v4?: string
  readonly v6?: string
}

/**
 * The MTU of every interface, where the format has room for it; and on a route without gateway, the one that it goes to:
 * a reader need not know how to find it.
 */
const interfaces =
  (count: number) =>
  (mtu: number, { v4, v6 }: Gateways = {}): Intended =>
  version => {
    const places = Array.from({ length: count }, (_, index) => index)
    const mtus = isThird(version) ? places.map(index => `interfaces.${index}.mtu: absent → ${mtu}`) : []
    const given = [v4, v6].map((gateway, index) => {
      const path = isFirst(version) ? `ip${index === 0 ? 4 : 6}.routes.0` : `routes.${index}`
      return gateway === undefined ? [] : [`${path}.gw: absent → "${gateway}"`]
    })
    return [...mtus, ...given.flat()].toSorted()
  }

/** A bridge, its port, and the interface of the container. */
export const bridge = interfaces(3)
/** Both ends of a wire. */
export const wire = interfaces(2)
/** The interface of the container. */
export const alone = interfaces(1)

/** The reference answers in the shape of 1.0.0 whatever it is asked in. */
export const loopback: Intended = version => {
  if (isThird(version)) return []
  if (!isFirst(version)) return ['dns: absent → {}', 'ips.0.version: absent → "4"', 'ips.1.version: absent → "6"']
  return [
    'dns: absent → {}',
    'interfaces.0.mac: "00:00:00:00:00:00" → absent',
    'interfaces.0.name: "lo" → absent',
    'interfaces.0.sandbox: "/run/netns/a" → absent',
    'ip4.ip: absent → "127.0.0.1/8"',
    'ip6.ip: absent → "::1/128"',
    'ips.0.address: "127.0.0.1/8" → absent',
    'ips.0.interface: 0 → absent',
    'ips.1.address: "::1/128" → absent',
    'ips.1.interface: 0 → absent',
  ]
}
