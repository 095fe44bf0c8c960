/** The configuration of tap, with what the runtime adds to it. Pure; keys and rules as in the reference. */
import * as z from 'zod/mini'
import { type Decoded, decode } from '../../lib/cni/decode.ts'
import { flag, maybeText } from '../../lib/cni/leaf.ts'
import { wantedMac } from '../../lib/cni/mac.ts'
import type { Request } from '../../lib/cni/request.ts'
import { configuredIpam, linkName, mtuTo } from '../../lib/cnm/schema.ts'
import { dns } from '../../lib/ipam/schema.ts'

/** The number of a user or group; the last of 32 bits means nobody in particular (chown(2)). */
const id = z.exactOptional(z.int().check(z.minimum(0), z.maximum(2 ** 32 - 2)))

/** The keys that this plugin knows, with their types. */
export const schema = z.object({
  // An Ethernet header goes off what the driver takes (drivers/net/tun.c).
  mtu: mtuTo(65_535 - 14),
  mac: maybeText,
  multiQueue: flag,
  owner: id,
  group: id,
  selinuxContext: z.exactOptional(
    z
      .string()
      .check(
        z.regex(/^\w+:\w+:\w+(:[\w.,:-]+)?$/, { error: 'must be a context, as system_u:system_r:container_t:s0' }),
      ),
  ),
  bridge: z.exactOptional(linkName),
  dns: z.exactOptional(dns),
})

export interface Options extends Omit<z.infer<typeof schema>, 'mac'> {
  readonly mac: string | undefined
}

/**
 * Reads the configuration.
 *
 * @throws CniError 4 for CNI_ARGS, 7 for the rest
 */
export function readOptions(request: Request): Decoded<Options> {
  const { value: conf, unknown } = decode(schema, request.conf)
  configuredIpam(request.conf)
  return { value: { ...conf, mac: wantedMac(request, conf.mac) }, unknown }
}
