/** Processes that a killed plugin left behind: they would go on making what we are about to remove. */
import type { Host } from '../host/host.ts'
import { ownNetns } from '../kernel/netns.ts'

const step = 5
const patience = 2_000

/** What the processes of an attachment carry: its name, and the network namespace of the host that it is on. */
export const markOf = (attachment: string, netns: string): string => `${attachment}@${netns}`

async function carriers(host: Host, attachment: string): Promise<number[]> {
  const mark = `\0FAIRLEAD_ATTACHMENT=${markOf(attachment, await ownNetns(host))}\0`
  const found: number[] = []
  for (const name of await host.files.list('/proc')) {
    if (!/^\d+$/.test(name) || Number(name) === host.pid) continue
    // Another user's process cannot be ours; a process that is just ending has no environment.
    const environment = await host.files.read(`/proc/${name}/environ`).catch(() => undefined)
    if (environment !== undefined && `\0${environment}\0`.includes(mark)) found.push(Number(name))
  }
  return found
}

/**
 * Ends every process that works for the attachment, and waits until none is left. Looks twice: a child that was just
 * being started shows its parent's environment for a moment.
 */
export async function endOrphans(host: Host, attachment: string): Promise<void> {
  const end = host.now() + patience
  for (let quiet = 0; quiet < 2; ) {
    const left = await carriers(host, attachment)
    quiet = left.length === 0 ? quiet + 1 : 0
    for (const pid of left) host.kill(pid)
    if (host.now() > end) throw new Error(`Cannot end processes ${left.join(', ')} that a killed plugin left behind`)
    await host.sleep(step)
  }
}
