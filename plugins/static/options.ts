/** The configuration of static, with what the runtime adds to it. Pure. */
import * as z from 'zod/mini'
import { readArgs } from '../../lib/cni/args.ts'
import { decode } from '../../lib/cni/decode.ts'
import { CniError, code } from '../../lib/cni/error.ts'
import { type Json, pick, pickObject } from '../../lib/cni/json.ts'
import { maybeText } from '../../lib/cni/leaf.ts'
import type { Request } from '../../lib/cni/request.ts'
import { emptyResult, type Ip, needRoom, type Result } from '../../lib/cni/result.ts'
import type { Unknown } from '../../lib/cni/unknown.ts'
import { checkAssignable } from '../../lib/ipam/assignable.ts'
import { canonical, contains, familyOf, parseAddress, parseSubnet } from '../../lib/ipam/cidr.ts'
import { address, cidr, dns, route } from '../../lib/ipam/schema.ts'

/** The keys of `ipam` that this plugin knows, with their types. */
export const ipamSchema = z.object({
  type: maybeText,
  addresses: z._default(z.array(z.object({ address: cidr, gateway: z.exactOptional(address) })), []),
  routes: z._default(z.array(route), []),
  dns: z.exactOptional(dns),
})
const ipsSchema = z.array(cidr)

export interface Options {
  readonly result: Result
  readonly unknown: readonly Unknown[]
}

const list = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map(part => part.trim())
    .filter(Boolean)

function parsed<T>(text: string, value: T | undefined, what: string): T {
  if (value !== undefined) return value
  throw new CniError(code.config, `Cannot use ${JSON.stringify(text)} of CNI_ARGS: it is no ${what}`)
}

/** Addresses of CNI_ARGS, each with the gateway of CNI_ARGS that its subnet contains. */
function argumentAddresses(request: Request): Ip[] {
  const args = readArgs(request.args, ['IP', 'GATEWAY'])
  const gateways = list(args.get('GATEWAY')).map(text => ({
    text,
    value: parsed(text, parseAddress(text), 'IP address'),
  }))
  return list(args.get('IP')).map(text => {
    const subnet = parsed(text, parseSubnet(text), 'address with prefix length, as 10.1.2.3/24')
    const gateway = gateways.find(({ value }) => contains(subnet, value))
    return { address: canonical(text), ...(gateway ? { gateway: canonical(gateway.text) } : {}) }
  })
}

/** The list that replaces everything before it, each address once; runtimeConfig has the last word. */
function replacement(request: Request): Ip[] | undefined {
  const ips = (holder: ReturnType<typeof pickObject>, what: string): Ip[] | undefined => {
    const value: Json | undefined = pick(holder, 'ips')
    if (value === undefined) return undefined
    return [...new Set(decode(ipsSchema, value, what).value)].map(address => ({ address }))
  }
  const args = ips(pickObject(pickObject(request.conf, 'args'), 'cni'), 'args.cni.ips')
  const runtime = ips(pickObject(request.conf, 'runtimeConfig'), 'runtimeConfig.ips')
  return [runtime, args].find(each => each !== undefined && each.length > 0)
}

/**
 * Reads the configuration.
 *
 * @throws CniError 7 that names the key, 4 for CNI_ARGS
 */
export function readOptions(request: Request): Options {
  const conf = pickObject(request.conf, 'ipam')
  if (!conf) throw new CniError(code.config, 'Cannot give addresses: IPAM config missing "ipam" key')
  const { value, unknown } = decode(ipamSchema, conf, 'ipam')
  const ips = replacement(request) ?? [...value.addresses, ...argumentAddresses(request)]
  checkAssignable(ips)
  needRoom(
    request.cniVersion,
    ips.map(ip => familyOf(ip.address)),
  )
  return { result: { ...emptyResult, ips, routes: value.routes, dns: value.dns ?? {} }, unknown }
}
