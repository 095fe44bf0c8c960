/** Differences of two results, member by member. */
import type { Answer } from '../support/call.ts'

/** What differs by nature: MAC addresses, and the names of host ends. */
function plain(value: unknown): unknown {
  if (typeof value !== 'string') return value
  if (/^veth[0-9a-f]+$/.test(value)) return 'a host end'
  return /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(value) && value !== '00:00:00:00:00:00' ? 'a MAC' : value
}

/** Every member that holds no others, by its path. */
function leaves(value: unknown, path = ''): ReadonlyMap<string, unknown> {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : []
  if (entries.length === 0) return new Map([[path, plain(value)]])
  return new Map(entries.flatMap(([key, each]) => [...leaves(each, path ? `${path}.${key}` : key)]))
}

/** `path: theirs → ours` for every member that is not the same; of errors, only that both are. */
export function differences(theirs: Answer, ours: Answer): string[] {
  if (theirs.code !== ours.code) return [`${theirs.stdout} → ${ours.stdout}`]
  const [left, right] = [leaves(theirs.result), leaves(ours.result)]
  const said = (value: unknown) => (value === undefined ? 'absent' : JSON.stringify(value))
  return [...new Set([...left.keys(), ...right.keys()])]
    .map(path => [path, said(left.get(path)), said(right.get(path))] as const)
    .filter(([, theirValue, ourValue]) => theirValue !== ourValue)
    .map(([path, theirValue, ourValue]) => `${path}: ${theirValue} → ${ourValue}`)
    .toSorted()
}
