/** Parts of the configurations of several interface plugins. Pure. */
import * as z from 'zod/mini'
import { CniError, code } from '../cni/error.ts'
import { type JsonObject, pick, pickObject } from '../cni/json.ts'
import { isLinkName } from '../kernel/token.ts'

/** The name of a link (netdevice(7): 15 bytes). */
export const linkName = z.string().check(
  z.refine(isLinkName, {
    error: 'must be the name of a link: 1 to 15 letters, digits, "_", "." or "-", and neither "all" nor "default"',
  }),
)

/** An MTU, of at most so much: 68 is the least that IPv4 may have (RFC 791); 0 asks for the default. */
export const mtuTo = (most: number) =>
  z._default(
    z
      .int()
      .check(z.refine(mtu => mtu === 0 || (mtu >= 68 && mtu <= most), { error: `must be 0 or from 68 to ${most}` })),
    0,
  )

/** The most that links of most kinds take. */
export const mtu = mtuTo(65_535)

/** 802.1Q: 0 and 4095 are reserved; here 0 asks for none. */
export const vlanId = z._default(z.int().check(z.minimum(0), z.maximum(4094)), 0)

/** The number of a routing table (ip-route(8)), from the least that is allowed on. */
export const tableId = (least: number) => z.int().check(z.minimum(least), z.maximum(2 ** 32 - 1))

/** The type of IPAM that a configuration names; empty for none. Throws CniError 7 for what names none. */
export function configuredIpam(conf: JsonObject): string {
  const ipam = pick(conf, 'ipam')
  if (ipam === undefined) return ''
  const type = pick(pickObject(conf, 'ipam'), 'type') ?? ''
  if (typeof ipam === 'object' && !Array.isArray(ipam) && typeof type === 'string') return type
  throw new CniError(code.config, 'Cannot use the network configuration: ipam must be an object with a string "type"')
}
