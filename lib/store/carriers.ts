/** Processes that carry a mark in their environment: the name of what they work for. */
import type { Host } from '../host/host.ts'

/**
 * The mark that a process carries in a variable; undefined where it has none, or has ended. Another user's process cannot
 * be ours, and one that is just ending has no environment.
 */
export async function markIn(host: Host, pid: number | string, variable: string): Promise<string | undefined> {
  const environment = await host.files.read(`/proc/${pid}/environ`).catch(() => undefined)
  const entry = environment?.split('\0').find(each => each.startsWith(`${variable}=`))
  return entry?.slice(variable.length + 1)
}

/** The numbers of all other processes that carry the variable, by their marks. */
export async function carriers(host: Host, variable: string): Promise<ReadonlyMap<string, readonly number[]>> {
  const found = new Map<string, number[]>()
  for (const name of await host.files.list('/proc')) {
    if (!/^\d+$/.test(name) || Number(name) === host.pid) continue
    const mark = await markIn(host, name, variable)
    if (mark !== undefined) found.set(mark, [...(found.get(mark) ?? []), Number(name)])
  }
  return found
}
