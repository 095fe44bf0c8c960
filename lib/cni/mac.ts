/** MAC addresses as people and runtimes write them, and the places where a runtime may ask for one. */
import { readArgs } from './args.ts'
import { CniError, code } from './error.ts'
import { pickObject, pickString } from './json.ts'
import type { Request } from './request.ts'

/** The MACs that a runtime asks for, as it wrote them; where several do, the plugin says which wins. */
export interface AskedMacs {
  /** In CNI_ARGS. */
  readonly env: string | undefined
  /** In `args.cni`. */
  readonly args: string | undefined
  /** In `runtimeConfig`. */
  readonly runtime: string | undefined
}

/** Reads all three places; an empty text asks for nothing. Throws CniError 4 for CNI_ARGS. */
export function askedMacs(request: Request): AskedMacs {
  const inConf = pickString(pickObject(pickObject(request.conf, 'args'), 'cni'), 'mac')
  const inRuntime = pickString(pickObject(request.conf, 'runtimeConfig'), 'mac')
  const env = readArgs(request.args, ['MAC']).get('MAC')
  return { env: env || undefined, args: inConf || undefined, runtime: inRuntime || undefined }
}

/**
 * The MAC of an interface in the form that the kernel shows: lower case, with colons.
 *
 * @throws CniError 7 for anything that is no MAC, or none that an interface may have
 */
export function checkedMac(text: string): string {
  const mac = text.toLowerCase().replaceAll('-', ':')
  const refuse = (why: string) => new CniError(code.config, `Cannot use MAC address ${JSON.stringify(text)}: ${why}`)
  if (!/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(mac)) throw refuse('it is not six bytes in the form 02:00:00:00:00:01')
  if (Number.parseInt(mac.slice(0, 2), 16) % 2 === 1)
    throw refuse('it is a multicast address. Make its first byte even')
  if (mac === '00:00:00:00:00:00') throw refuse('it is all zeros')
  return mac
}

/**
 * The MAC that is wanted, in the form of the kernel, the last of these winning: the configuration, CNI_ARGS, `args.cni`,
 * `runtimeConfig`.
 *
 * @throws CniError 4 for CNI_ARGS, 7 for a MAC that is none
 */
export function wantedMac(request: Request, configured?: string): string | undefined {
  const { env, args, runtime } = askedMacs(request)
  const text = runtime ?? args ?? env ?? configured
  return text && checkedMac(text)
}
