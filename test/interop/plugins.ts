/** The Go plugins, and directories that mix them with ours. */
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { findPeer } from '../bench/peer.ts'
import { type Host, bin as ours, type Sandbox } from '../support/host.ts'

const peer = await findPeer()
if (!('bin' in peer)) throw new Error(peer.why)

/** Directory of the Go plugins. */
export const go = peer.bin

const directories = { go, ours } as const
export type Suite = keyof typeof directories
export { ours }

/** Options of a call: plugins of one directory, which find each other there. */
export const within = (directory: string) => ({ from: directory, path: directory })

/** A directory in which each plugin is of the suite that is named for it. */
export function mixed(t: Test, suites: Readonly<Record<string, Suite>>): string {
  const directory = t.testdir()
  for (const [name, suite] of Object.entries(suites)) symlinkSync(join(directories[suite], name), join(directory, name))
  return directory
}

/** Addresses of a network that have a lease. */
export async function leases(host: Host, network = 'net1'): Promise<string[]> {
  const names = await host.sh(`ls /var/lib/cni/networks/${network} 2>/dev/null || :`)
  return names.split('\n').filter(name => /^[0-9a-f.:]+$/.test(name))
}

/** Names of the host ends. */
export async function hostEnds(host: Host): Promise<string[]> {
  const links = await host.ip('link', 'show', 'type', 'veth')
  return links.map(({ ifname }) => String(ifname)).filter(name => !name.startsWith('up'))
}

/** Names of a sandbox's links, `lo` apart. */
export async function sandboxLinks(sandbox: Sandbox): Promise<string[]> {
  const links = await sandbox.ip('link')
  return links.map(({ ifname }) => String(ifname)).filter(name => name !== 'lo')
}
