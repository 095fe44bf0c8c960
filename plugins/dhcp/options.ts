/** The configuration of dhcp, with what the runtime adds to it. Pure; keys as in the reference. */
import * as z from 'zod/mini'
import { looseArgs } from '../../lib/cni/args.ts'
import { decode } from '../../lib/cni/decode.ts'
import { CniError, code } from '../../lib/cni/error.ts'
import { pickObject, pickString } from '../../lib/cni/json.ts'
import { flag, maybeText } from '../../lib/cni/leaf.ts'
import type { Request } from '../../lib/cni/request.ts'
import type { Unknown } from '../../lib/cni/unknown.ts'
import { hasControl, utf8 } from '../../lib/host/text.ts'
import { defaultSocket, type Wish } from '../../lib/ipam/dhcp.ts'
import { optionNames, optionNumber, wishOf } from '../../lib/ipam/dhcp-wish.ts'

const optionName = z.pipe(
  z.string().check(
    z.refine(text => optionNumber(text) !== undefined, {
      error: `must be a number from 1 to 254, or one of ${optionNames.join(', ')}`,
    }),
  ),
  z.transform(text => optionNumber(text) ?? 0),
)
// A socket's path has 108 bytes with the one that ends it (unix(7)).
const socketPath = z.string().check(
  z.refine(text => text.startsWith('/') && !hasControl(text) && utf8(text).length < 108, {
    error: 'must be an absolute path of at most 107 bytes without control characters',
  }),
)

/** The keys of `ipam` that this plugin knows, with their types. */
export const ipamSchema = z.object({
  type: maybeText,
  daemonSocketPath: z._default(socketPath, defaultSocket),
  provide: z._default(z.array(z.object({ option: optionName, value: maybeText, fromArg: maybeText })), []),
  request: z._default(z.array(z.object({ option: optionName, skipDefault: flag })), []),
  priority: z._default(z.int().check(z.minimum(0), z.maximum(0xffffffff)), 0),
})

export interface Options {
  readonly socket: string
  readonly wish: Wish
  readonly priority: number
  readonly unknown: readonly Unknown[]
}

/** The daemon's socket, from a configuration that need not be right otherwise. */
export const socketOf = (request: Request): string =>
  pickString(pickObject(request.conf, 'ipam'), 'daemonSocketPath') || defaultSocket

/**
 * Reads the configuration.
 *
 * @throws CniError 7 that names the key
 */
export function readOptions(request: Request): Options {
  const conf = pickObject(request.conf, 'ipam')
  if (!conf) throw new CniError(code.config, 'Cannot ask for a lease: IPAM config missing "ipam" key')
  const { value, unknown } = decode(ipamSchema, conf, 'ipam')
  const { daemonSocketPath: socket, provide, priority } = value
  const args = looseArgs(request.args)
  const sent = provide.flatMap(({ option, value, fromArg }) => {
    const text = (fromArg && args.get(fromArg)) || value
    return text ? [[option, text] as const] : []
  })
  const skips = value.request.some(({ skipDefault }) => skipDefault)
  const asked = value.request.map(({ option }) => option)
  return { socket, wish: wishOf(request, sent, asked, skips), priority, unknown }
}
