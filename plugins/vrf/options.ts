/** The configuration of vrf. Pure; keys and rules as in the reference. */
import * as z from 'zod/mini'
import { type Decoded, decode } from '../../lib/cni/decode.ts'
import { CniError, code } from '../../lib/cni/error.ts'
import type { Request } from '../../lib/cni/request.ts'
import { linkName, tableId } from '../../lib/cnm/schema.ts'
import { isReserved } from '../../lib/kernel/routing.ts'

/** The keys that this plugin knows, with their types. */
export const schema = z.object({
  vrfname: z.exactOptional(linkName),
  table: z._default(tableId(0), 0),
})

export interface Options {
  readonly name: string
  /** 0: that which the VRF has, or one that is free. */
  readonly table: number
}

/**
 * Reads the configuration.
 *
 * @throws CniError 7 that names the key
 */
export function readOptions(request: Request): Decoded<Options> {
  const { value: conf, unknown } = decode(schema, request.conf)
  const { vrfname, table } = conf
  if (vrfname === undefined) {
    throw new CniError(code.config, 'Cannot use the network configuration: vrfname is missing. Name the VRF by it')
  }
  if (isReserved(table)) {
    const msg = `Cannot use "table": ${table}: that one is for what belongs to no VRF`
    throw new CniError(code.config, `${msg}. Choose another, or leave the key out`)
  }
  return { value: { name: vrfname, table }, unknown }
}
