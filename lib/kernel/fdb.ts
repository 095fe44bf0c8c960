/** Entries of bridges' forwarding tables, by bridge(8): one process for all of them. */
import { complaintsIn } from './ip-process.ts'
import type { Missing } from './missing.ts'
import { type Fdb, KernelError, nameOf } from './resource.ts'
import { token } from './token.ts'
import { faultOf, type Tools } from './tool.ts'

/** At a port, `permanent`, which is the default, would have the host itself take the frames. */
export function fdbLine({ mac, dev, to }: Pick<Fdb, 'mac' | 'dev' | 'to'>): string {
  const entry = `${token(mac)} dev ${token(dev)}`
  if (to === undefined) return `fdb replace ${entry} master static`
  if (to === 'itself') return `fdb replace ${entry} self permanent local`
  return `fdb append ${entry} self permanent dst ${token(to.group)} via ${token(to.via)}`
}

/** An entry as `bridge -j fdb show` tells it. `self`: of the device's own table; else of its bridge's. */
export interface FdbEntry {
  readonly mac: string
  readonly master?: string
  readonly dst?: string
  readonly vlan?: number
  readonly viaIf?: string
  readonly state?: string
  readonly flags?: readonly string[]
}

/** The entries of a device; none where it is absent. Throws KernelError where the kernel cannot be asked. */
export async function fdbOf(tools: Tools, dev: string): Promise<readonly FdbEntry[]> {
  const { code, stdout, stderr } = await tools.run(['bridge', '-j', 'fdb', 'show', 'dev', token(dev)])
  if (code !== 0 && faultOf(stderr) !== 'absent') {
    throw new KernelError(`bridge fdb show dev ${dev}: ${stderr.trim()}`, faultOf(stderr))
  }
  return stdout.trim() === '' ? [] : (JSON.parse(stdout) as FdbEntry[])
}

/** Makes the entries, whose devices must be ports by then. Throws KernelError that names the first that is refused. */
export async function ensureFdb(tools: Tools, entries: readonly Fdb[]): Promise<void> {
  const text = entries.map(each => `${fdbLine(each)}\n`).join('')
  const { code, stderr } = await tools.run(['bridge', '-batch', '-'], text)
  if (code === 0) return
  const entry = entries[complaintsIn(stderr, 1)[0]?.index ?? 0]
  throw new KernelError(`${entry ? nameOf(entry) : 'bridge'}: ${stderr.trim()}`, faultOf(stderr), entry)
}

function isSame({ dev, mac, to }: Fdb, { master, state, dst, vlan, viaIf, ...now }: FdbEntry): boolean {
  if (now.mac !== mac) return false
  if (to === undefined) return master !== undefined && state === 'static' && dst === undefined
  if (to === 'itself') return master === dev && state === 'permanent' && vlan === undefined
  return dst === to.group && viaIf === to.via
}

/** The entries that do not stand. Throws KernelError where the kernel cannot be asked. */
export async function missingFdb(tools: Tools, entries: readonly Fdb[]): Promise<readonly Missing[]> {
  const found = await Promise.all(entries.map(({ dev }) => fdbOf(tools, dev)))
  return entries.flatMap((resource, index) =>
    found[index]?.some(each => isSame(resource, each)) ? [] : [{ resource, why: 'is absent' }],
  )
}
