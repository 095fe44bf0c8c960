/** The sandbox of a request, before any work is done in it. */
import { CniError, code } from '../cni/error.ts'
import type { Request } from '../cni/request.ts'
import { FileError, type Host } from '../host/host.ts'
import { netnsAt, ownNetns } from '../kernel/netns.ts'
import { isToken, standsForLinks } from '../kernel/token.ts'

const allowsOwn = (host: Host): boolean => ['1', 'true'].includes((host.env('CNI_NETNS_OVERRIDE') ?? '').toLowerCase())

/** True if CNI_NETNS is the namespace that we run in, and nobody says that this is meant. */
export async function isOwnNetns(host: Host, request: Request): Promise<boolean> {
  const there = await netnsAt(host, request.netns)
  return typeof there === 'object' && there.id === (await ownNetns(host)) && !allowsOwn(host)
}

/** The error for a sandbox that is the host itself. */
export const sameNetns = (request: Request): CniError => {
  const msg = 'Cannot act on CNI_NETNS: plugin netns and netns from CNI_NETNS should not be the same'
  return new CniError(code.sameNetns, `${msg}. Give the path of the container's network namespace`, request.netns)
}

/** Why a path is no sandbox: there is something else. */
export const otherKind = 'it is no network namespace'

/** The error for a path that is no sandbox. */
export const noSandbox = (netns: string, why: string): CniError =>
  new CniError(code.environment, `Cannot open CNI_NETNS ${netns}: ${why}. Give the path of a network namespace`)

/**
 * The identity of the sandbox's namespace.
 *
 * @throws CniError 4 for a path or interface name that is none, 8 for our own namespace
 */
export async function openSandbox(host: Host, request: Request): Promise<string> {
  const { netns, ifName } = request
  if (!isToken(ifName)) {
    const msg =
      'Cannot use CNI_IFNAME: it has characters that no tool would take unharmed. Use letters, digits, "_", "." or "-"'
    throw new CniError(code.environment, msg, ifName)
  }
  if (standsForLinks(ifName)) {
    const msg = `Cannot use CNI_IFNAME: the kernel lets no link be called "${ifName}". Choose another name`
    throw new CniError(code.environment, msg)
  }
  if (!isToken(netns) || !netns.startsWith('/')) {
    const msg = 'Cannot use CNI_NETNS: it must be an absolute path without spaces, quotes or control characters'
    throw new CniError(code.environment, msg, netns)
  }
  const there = await netnsAt(host, netns).catch(error => {
    if (!(error instanceof FileError)) throw error
    throw new CniError(
      code.environment,
      `Cannot open CNI_NETNS ${netns.slice(0, 80)}: ${error.message.slice(0, 80)}. Check the path`,
    )
  })
  if (typeof there === 'object') {
    if (await isOwnNetns(host, request)) throw sameNetns(request)
    return there.id
  }
  throw noSandbox(netns, there === 'absent' ? 'no such file or directory' : otherKind)
}
