/** Rules of iptables: as text for comparisons, and made on a host without a plugin around them. */
import { ensureLines, restoreText, usually } from '../../lib/kernel/iptables-text.ts'
import type { Resource, Rules } from '../../lib/kernel/resource.ts'
import type { Host } from './host.ts'

/** The transaction that makes rules where nothing of them stands. */
export const fresh = (resources: readonly Rules[]): string => restoreText(ensureLines(resources, new Set(), false)).text

/** The transaction of the usual case: what is shared stands. */
export const usual = (resources: readonly Rules[]): string =>
  restoreText(ensureLines(resources, usually(resources), true)).text

/** Both families as iptables-save and ip6tables-save write them, without what is there by itself. */
export async function savedRules(host: Host): Promise<string> {
  const parts = await Promise.all(['iptables-save', 'ip6tables-save'].map(program => host.sh(program)))
  const plain = parts.map(text => text.split('\n').filter(line => line.startsWith('-') || /^:\S+ - /.test(line)))
  return plain.map(lines => `${lines.join('\n')}\n`).join('---\n')
}

const entry = new URL('rules-entry.ts', import.meta.url).pathname

async function act(host: Host, verb: string, resources: readonly Resource[]): Promise<readonly Resource[]> {
  const { code, stdout, stderr } = await host.exec([process.execPath, entry, verb], {
    input: JSON.stringify(resources),
  })
  if (code !== 0) throw new Error(`${verb}: ${stderr}`)
  return JSON.parse(stdout) as Resource[]
}

/** The kernel's three operations, on a host; `missing` tells what does not stand. */
export const onHost = (host: Host) => ({
  ensure: (resources: readonly Resource[]) => act(host, 'ensure', resources),
  remove: (resources: readonly Resource[]) => act(host, 'remove', resources),
  missing: (resources: readonly Resource[]) => act(host, 'missing', resources),
})
