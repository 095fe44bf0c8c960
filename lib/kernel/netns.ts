/** Network namespaces by path: what stands there, and how a tool enters it. */
import type { Host } from '../host/host.ts'
import { token } from './token.ts'

/** The identity of a namespace: device and inode number of its nsfs file (namespaces(7)). */
export type NetnsId = string

/** `absent`: nothing there; `foreign`: something that is no namespace. */
export type NetnsAt = { readonly id: NetnsId } | 'absent' | 'foreign'

const own = '/proc/self/ns/net'

/** What stands at the path. Every namespace file is on the one nsfs device. */
export async function netnsAt(host: Host, path: string): Promise<NetnsAt> {
  const [there, ours] = [await host.files.stat(path), await host.files.stat(own)]
  if (there === undefined) return 'absent'
  if (ours === undefined || there.device !== ours.device) return 'foreign'
  return { id: `${there.device}:${there.inode}` }
}

/** The identity of the namespace that we run in. */
export async function ownNetns(host: Host): Promise<NetnsId> {
  const ours = await host.files.stat(own)
  return ours ? `${ours.device}:${ours.inode}` : ''
}

/**
 * The words before `ip …` arguments that make it act in a namespace. `ip -n NAME` opens `/var/run/netns/NAME`, so a
 * relative name reaches any path without a helper process; where that directory is missing, nsenter enters.
 */
export async function ipIn(host: Host, netns: string): Promise<readonly [string, ...string[]]> {
  if ((await host.files.stat('/var/run/netns'))?.kind === 'directory') return ['ip', '-n', `../../..${token(netns)}`]
  return [...enter(netns), 'ip']
}

/** The words that make any program run in a network namespace. */
export const enter = (netns: string): readonly [string, ...string[]] => ['nsenter', `--net=${token(netns)}`]
