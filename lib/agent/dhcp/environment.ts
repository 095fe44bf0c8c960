/** What a client tells of a lease, in the variables of udhcpc(8). Pure. */
import { bareAddress, parseAddress, parseSubnet } from '../../ipam/cidr.ts'
import type { DhcpLease, DhcpRoute } from '../../ipam/dhcp.ts'

export type Variables = Readonly<Record<string, string>>

/** The variables that are read, and kept between a client's news and the daemon's look at them. */
export const names = [
  'ip',
  'mask',
  'router',
  'routes',
  'staticroutes',
  'dns',
  'domain',
  'search',
  'lease',
  'serverid',
  'message',
] as const

/** The client takes no lease for shorter than this, in seconds: it asks again when half of it has passed. */
const shortest = 30
const endless = 0xffffffff
/** Without option 51 the client assumes an hour. */
const usual = 3_600

const words = (text: string | undefined): string[] => (text ?? '').split(/\s+/).filter(Boolean)

const isV4 = (text: string): boolean => parseAddress(text)?.family === 4

/** Of a server that names no masks: that of the address's class (RFC 791, section 3.2). */
function classOf(address: string): number {
  const first = Number(address.split('.')[0])
  return first < 128 ? 8 : first < 192 ? 16 : 24
}

/** Option 121: `destination/length gateway …`; the gateway 0.0.0.0 means that there is none. */
function classless(text: string): DhcpRoute[] {
  const parts = words(text)
  const pairs = Array.from({ length: Math.floor(parts.length / 2) }, (_, index) =>
    parts.slice(index * 2, index * 2 + 2),
  )
  return pairs.flatMap(([dst = '', gw = '']) => {
    if (!isV4(bareAddress(dst)) || !parseSubnet(dst) || !isV4(gw)) return []
    return [gw === '0.0.0.0' ? { dst } : { dst, gw }]
  })
}

/** Option 33: `destination/gateway …`. */
const classful = (text: string | undefined): DhcpRoute[] =>
  words(text).flatMap(pair => {
    const [dst = '', gw = ''] = pair.split('/')
    return isV4(dst) && isV4(gw) && dst !== '0.0.0.0' ? [{ dst: `${dst}/${classOf(dst)}`, gw }] : []
  })

/** Classless routes take the place of all others, the routers' included (RFC 3442). */
function routesOf({ staticroutes, routes }: Variables, routers: readonly string[]): DhcpRoute[] {
  if (staticroutes !== undefined) return classless(staticroutes)
  return [...classful(routes), ...routers.slice(0, 1).map(gw => ({ dst: '0.0.0.0/0', gw }))]
}

function expiryOf(seconds: string | undefined, now: number): { readonly expires?: number } {
  const number = seconds === undefined ? usual : Number(seconds)
  return number >= endless || Number.isNaN(number) ? {} : { expires: now + Math.max(number, shortest) * 1_000 }
}

/**
 * The lease that the variables tell of.
 *
 * @param now when it was granted, milliseconds since the epoch
 * @throws Error for a lease without an address or a subnet mask
 */
export function leaseOf(variables: Variables, now: number): DhcpLease {
  const { ip = '', mask, router, dns, domain, search, lease } = variables
  const address = `${ip}/${mask}`
  if (!isV4(ip)) throw new Error(`the server ${variables.serverid} gives no address`)
  if (!parseSubnet(address)) throw new Error(`the server ${variables.serverid} names no subnet mask (option 1)`)
  const routers = words(router).filter(isV4)
  return {
    address,
    routers,
    routes: routesOf(variables, routers),
    nameservers: words(dns).filter(isV4),
    search: words(search),
    ...(domain ? { domain } : {}),
    ...expiryOf(lease, now),
  }
}
