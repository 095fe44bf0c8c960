/** The pieces that several configurations share: addresses, routes, DNS. */
import * as z from 'zod/mini'
import { ready } from '../cni/decode.ts'
import { maybeText, maybeTexts } from '../cni/leaf.ts'
import { isHosts } from './assignable.ts'
import { canonical, parseAddress, parseSubnet } from './cidr.ts'

/** An address without prefix length, canonical. */
export const address = z.pipe(
  z.string().check(z.refine(text => parseAddress(text) !== undefined, { error: 'must be an IP address' })),
  z.transform(canonical),
)

/** That of a host, by which others can reach it. */
export const hostAddress = z.pipe(
  address,
  z.string().check(z.refine(isHosts, { error: 'must be the address of one host: no group, loopback or 0.0.0.0' })),
)

/** An address with prefix length. */
export const cidr = z.pipe(
  z.string().check(
    z.refine(text => parseSubnet(text) !== undefined, {
      error: 'must be an address with prefix length, as 10.1.2.0/24',
    }),
  ),
  z.transform(canonical),
)

/** As wide as the kernel has it (rtnetlink(7)). */
const count = z.int().check(z.minimum(0), z.maximum(2 ** 32 - 1))

/** A route of an IPAM configuration or result. */
export const route = ready(
  z.object({
    dst: cidr,
    gw: z.exactOptional(address),
    mtu: z.exactOptional(count),
    advmss: z.exactOptional(count),
    priority: z.exactOptional(count),
    table: z.exactOptional(count),
    scope: z.exactOptional(count.check(z.maximum(255))),
  }),
)

/** DNS as CNI knows it. */
export const dns = z.object({
  nameservers: maybeTexts,
  domain: maybeText,
  search: maybeTexts,
  options: maybeTexts,
})
