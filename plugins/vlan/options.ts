/** The configuration of vlan. Pure; keys and rules as in the reference. */
import * as z from 'zod/mini'
import { type Decoded, decode } from '../../lib/cni/decode.ts'
import { CniError, code } from '../../lib/cni/error.ts'
import type { Request } from '../../lib/cni/request.ts'
import type { OnParentOptions } from '../../lib/cnm/on-parent.ts'
import { parentKeys, parentOptions } from '../../lib/cnm/parent.ts'
import { configuredIpam, mtu, vlanId } from '../../lib/cnm/schema.ts'
import { dns } from '../../lib/ipam/schema.ts'

/** The keys that this plugin knows, with their types. */
export const schema = z.object({ ...parentKeys, vlanId, mtu, dns: z.exactOptional(dns) })

export interface Options extends OnParentOptions {
  /** 0 has no tag but a priority (IEEE 802.1Q, 9.6). */
  readonly vlanId: number
}

/**
 * Reads the configuration.
 *
 * @throws CniError 7
 */
export function readOptions(request: Request): Decoded<Options> {
  const { value: conf, unknown } = decode(schema, request.conf)
  const { vlanId, mtu, dns } = conf
  configuredIpam(request.conf)
  const chosen = parentOptions(conf)
  if (chosen.parent === '') {
    const msg = 'Cannot use the network configuration: "master" is missing'
    throw new CniError(code.config, `${msg}. Name the interface whose VLAN it is`)
  }
  return { value: { ...chosen, vlanId, mtu, mac: undefined, hostAccess: false, dns }, unknown }
}
