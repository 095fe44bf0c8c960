/** This boot and this process, as records name them. */
import type { Host } from '../host/host.ts'

const known = new WeakMap<Host, string>()

/** The kernel's random identity of this boot; empty where /proc does not tell. Read once, for no process outlives a boot. */
export async function bootId(host: Host): Promise<string> {
  const id = known.get(host) ?? ((await host.files.read('/proc/sys/kernel/random/boot_id')) ?? '').trim()
  known.set(host, id)
  return id
}

/** When the host booted, milliseconds since the epoch; 0 where /proc does not tell. */
export async function bootTime(host: Host): Promise<number> {
  const stat = (await host.files.read('/proc/stat')) ?? ''
  return Number(/^btime (\d+)$/m.exec(stat)?.[1] ?? 0) * 1000
}

/** The mount namespace in which a path means what it says. */
export const mountNamespace = async (host: Host): Promise<string> =>
  (await host.files.readlink('/proc/self/ns/mnt')) ?? ''

/** A process that a later one can recognise: number, start time, and the namespace in which the number counts. */
export interface Process {
  readonly boot: string
  readonly pidns: string
  readonly pid: number
  readonly start: string
}

/** A field of /proc/PID/stat by its number in proc(5), from 3 on; the second may hold spaces and parentheses. */
async function fieldOf(host: Host, pid: number, number: number): Promise<string | undefined> {
  const stat = await host.files.read(`/proc/${pid}/stat`)
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[number - 3]
}

const startOf = (host: Host, pid: number) => fieldOf(host, pid, 22)

/** True if it is a child of ours. */
export const isChild = async (host: Host, pid: number): Promise<boolean> =>
  (await fieldOf(host, pid, 4)) === String(host.pid)

const pidNamespace = async (host: Host): Promise<string> => (await host.files.readlink('/proc/self/ns/pid')) ?? ''

/** The process that we are. */
export async function thisProcess(host: Host): Promise<Process> {
  const start = (await startOf(host, host.pid)) ?? ''
  return { boot: await bootId(host), pidns: await pidNamespace(host), pid: host.pid, start }
}

/** True for the process that we are. */
export async function isThisProcess(host: Host, { pid, start }: Process): Promise<boolean> {
  return pid === host.pid && start === (await startOf(host, pid))
}

/** True if the process may still run: one that cannot be seen from here counts as running. */
export async function isAlive(host: Host, process: Process): Promise<boolean> {
  if (process.boot !== (await bootId(host))) return false
  if (process.pidns !== (await pidNamespace(host))) return true
  return (await startOf(host, process.pid)) === process.start
}
