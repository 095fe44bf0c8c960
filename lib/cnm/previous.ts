/** What the plugins before in a list have answered, as ADD and CHECK take it: all of it makes sense. */
import { CniError, code } from '../cni/error.ts'
import type { Request } from '../cni/request.ts'
import type { Result } from '../cni/result.ts'
import { isOfType, type Judge, prevResult, type Type } from '../cni/result-decode.ts'
import { parseAddress, parseSubnet } from '../ipam/cidr.ts'

const words: Readonly<Partial<Record<Type, string>>> = {
  address: 'an IP address',
  subnet: 'an IP address with its prefix length',
}

const parsers: Readonly<Partial<Record<Type, (text: string) => unknown>>> = {
  address: parseAddress,
  subnet: parseSubnet,
}

const strictly: Judge = (value, type, path) => {
  const parse = parsers[type]
  if (isOfType(value, type, path) && (!parse || parse(value as string))) return true
  const msg = `Cannot use the network configuration: prevResult.${path} must be ${words[type] ?? `of type ${type}`}`
  throw new CniError(code.config, msg, JSON.stringify(value)?.slice(0, 80))
}

/**
 * The prevResult of a request, or undefined where there is none. DEL goes on with what can be read of it.
 *
 * @throws CniError 7 for what is wrong about it, by its place
 */
export const previousOf = ({ conf, cniVersion, operation }: Request): Result | undefined =>
  prevResult(conf, cniVersion, operation === 'DEL' ? isOfType : strictly)
