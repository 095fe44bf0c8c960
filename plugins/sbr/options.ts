/** The configuration of sbr. Pure; keys and rules as in the reference. */
import * as z from 'zod/mini'
import { type Decoded, decode } from '../../lib/cni/decode.ts'
import { CniError, code } from '../../lib/cni/error.ts'
import { flag, texts } from '../../lib/cni/leaf.ts'
import type { Request } from '../../lib/cni/request.ts'
import { tableId } from '../../lib/cnm/schema.ts'
import { type Address, formatAddress, parseAddress } from '../../lib/ipam/cidr.ts'

/** The keys that this plugin knows, with their types. */
export const schema = z.object({
  table: z.exactOptional(tableId(1)),
  gateways: texts,
  addSourceHints: flag,
})

export interface Options {
  /** Rules lead to this one, and no route is touched; absent: a table for each address, with the routes of the interface. */
  readonly table: number | undefined
  /** At most one of each family, which the default route leads to. */
  readonly gateways: readonly string[]
  /** The routes to the interface's own subnets stay where they are. */
  readonly hints: boolean
}

function gatewaysOf(texts: readonly string[]): readonly string[] {
  const gateways: Address[] = []
  for (const text of texts) {
    const refuse = (why: string) => new CniError(code.config, `Cannot use "gateways": ${why}`)
    const address = parseAddress(text)
    if (!address) throw refuse(`${JSON.stringify(text)} is no IP address`)
    if (gateways.some(({ family }) => family === address.family)) {
      throw refuse(`there are several of IPv${address.family}. Leave one of each family`)
    }
    gateways.push(address)
  }
  return gateways.map(formatAddress)
}

/**
 * Reads the configuration.
 *
 * @throws CniError 7 that names the key
 */
export function readOptions(request: Request): Decoded<Options> {
  const { value: conf, unknown } = decode(schema, request.conf)
  return {
    value: { table: conf.table, gateways: gatewaysOf(conf.gateways), hints: conf.addSourceHints },
    unknown,
  }
}
