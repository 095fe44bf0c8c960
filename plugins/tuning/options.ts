/** The configuration of tuning, with what the runtime adds to it. Pure; keys and rules as in the reference. */
import * as z from 'zod/mini'
import { type Decoded, decode } from '../../lib/cni/decode.ts'
import { pickObject } from '../../lib/cni/json.ts'
import { maybeFlag, maybeText } from '../../lib/cni/leaf.ts'
import { askedMacs, checkedMac } from '../../lib/cni/mac.ts'
import type { Request } from '../../lib/cni/request.ts'
import { hasControl } from '../../lib/host/text.ts'
import { merged, type Sysctl, sysctlsIn, sysctlsOf } from './sysctl.ts'

/** The keys that this plugin knows, with their types. */
export const schema = z.object({
  // Read by hand: its keys are no names of ours.
  sysctl: z.exactOptional(z.record(z.string(), z.unknown())),
  mac: maybeText,
  // 68 is the least that IPv4 may have (RFC 791) and 65536 what lo has; 0 leaves it as it is.
  mtu: z.exactOptional(
    z
      .int()
      .check(z.refine(mtu => mtu === 0 || (mtu >= 68 && mtu <= 65536), { error: 'must be 0 or from 68 to 65536' })),
  ),
  promisc: maybeFlag,
  allmulti: maybeFlag,
  txQLen: z.exactOptional(
    z.int().check(z.refine(length => length >= 0 && length < 2 ** 31, { error: 'must be 0 or more, and below 2^31' })),
  ),
  dataDir: z.exactOptional(
    z.string().check(
      z.refine(text => text.startsWith('/') && !hasControl(text), {
        error: 'must be an absolute path without control characters',
      }),
    ),
  ),
})

export interface Options {
  readonly ifName: string
  readonly sysctls: readonly Sysctl[]
  /** As it is written, for the result. */
  readonly mac: string | undefined
  /** In the kernel's form. */
  readonly address: string | undefined
  readonly mtu: number
  readonly promisc: boolean
  readonly allmulti: boolean | undefined
  readonly txQLen: number | undefined
  /** Only who adds something must be allowed to. */
  readonly guarded: boolean
}

/**
 * Reads the configuration. What stands in `args.cni` wins, there beside keys of other plugins.
 *
 * @throws CniError 4 for CNI_ARGS, 7 that names the key
 */
export function readOptions(request: Request): Decoded<Options> {
  const { value: conf, unknown } = decode(schema, request.conf)
  const args = pickObject(pickObject(request.conf, 'args'), 'cni')
  const { value: asked } = decode(schema, args ?? {}, 'args.cni')
  const { env, runtime } = askedMacs(request)
  const mac = asked.mac ?? runtime ?? env ?? conf.mac
  const { ifName } = request
  const value: Options = {
    ifName,
    sysctls: merged(sysctlsIn(request), sysctlsOf(args, ifName, 'args.cni.sysctl')),
    mac,
    address: mac && checkedMac(mac),
    mtu: asked.mtu ?? conf.mtu ?? 0,
    promisc: asked.promisc ?? conf.promisc ?? false,
    allmulti: asked.allmulti ?? conf.allmulti,
    txQLen: asked.txQLen ?? conf.txQLen,
    guarded: request.operation === 'ADD',
  }
  return { value, unknown }
}
