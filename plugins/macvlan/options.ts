/** The configuration of macvlan, with what the runtime adds to it. Pure; keys and rules as in the reference. */
import * as z from 'zod/mini'
import { type Decoded, decode, ready } from '../../lib/cni/decode.ts'
import { CniError, code } from '../../lib/cni/error.ts'
import { flag, maybeText, texts } from '../../lib/cni/leaf.ts'
import { checkedMac, wantedMac } from '../../lib/cni/mac.ts'
import type { Request } from '../../lib/cni/request.ts'
import type { OnParentOptions } from '../../lib/cnm/on-parent.ts'
import { parentKeys, parentOptions } from '../../lib/cnm/parent.ts'
import { configuredIpam, mtu, vlanId } from '../../lib/cnm/schema.ts'
import { dns } from '../../lib/ipam/schema.ts'

/** The keys that this plugin knows, with their types. */
export const schema = ready(
  z.object({
    ...parentKeys,
    vlan: vlanId,
    mode: z._default(z.enum(['bridge', 'private', 'vepa', 'passthru', 'source']), 'bridge'),
    sourceMacs: texts,
    mtu,
    mac: maybeText,
    bcqueuelen: z._default(z.int().check(z.minimum(0), z.maximum(2 ** 32 - 1)), 0),
    hostAccess: flag,
    dns: z.exactOptional(dns),
  }),
)

export interface Options extends OnParentOptions {
  readonly mode: 'bridge' | 'private' | 'vepa' | 'passthru' | 'source'
  /** Of mode source: whose frames are taken. */
  readonly sources: readonly string[]
  readonly bcqueuelen: number
}

const refuse = (why: string): CniError => new CniError(code.config, `Cannot use the network configuration: ${why}`)

/**
 * Reads the configuration.
 *
 * @throws CniError 4 for CNI_ARGS, 7 for the rest
 */
export function readOptions(request: Request): Decoded<Options> {
  const { value: conf, unknown } = decode(schema, request.conf)
  const { mode, bcqueuelen, hostAccess, dns } = conf
  if (hostAccess && mode !== 'bridge')
    throw refuse('"hostAccess" needs mode bridge: in other modes the host is kept out')
  if (hostAccess && conf.linkInContainer) throw refuse('"hostAccess" needs a master of the host, not of the container')
  if (conf.sourceMacs.length > 0 !== (mode === 'source')) throw refuse('"sourceMacs" and mode source go together')
  configuredIpam(request.conf)
  const sources = conf.sourceMacs.map(checkedMac)
  const parent = parentOptions(conf, conf.vlan)
  const mac = wantedMac(request, conf.mac)
  return { value: { ...parent, mode, sources, mtu: conf.mtu, mac, bcqueuelen, hostAccess, dns }, unknown }
}
