/** Processes that a killed plugin left behind: they would go on making what we are about to remove. */
import type { Host } from '../host/host.ts'
import { ownNetns } from '../kernel/netns.ts'
import { isChild } from '../store/boot.ts'
import { carriers } from '../store/carriers.ts'

const step = 5
const patience = 2_000

/** What the processes of an attachment carry: its name, and the network namespace of the host that it is on. */
export const markOf = (attachment: string, netns: string): string => `${attachment}@${netns}`

/** Those of the attachment that nobody waits for: a child of ours does what we tell it. */
async function orphansOf(host: Host, mark: string): Promise<readonly number[]> {
  const orphans: number[] = []
  for (const pid of (await carriers(host, 'FAIRLEAD_ATTACHMENT')).get(mark) ?? [])
    if (!(await isChild(host, pid))) orphans.push(pid)
  return orphans
}

/**
 * Ends every process that a killed plugin left at work for the attachment, and waits until none is left. Looks twice: a
 * child that was just being started shows its parent's environment for a moment.
 */
export async function endOrphans(host: Host, attachment: string): Promise<void> {
  const mark = markOf(attachment, await ownNetns(host))
  const end = host.now() + patience
  for (let quiet = 0; quiet < 2; ) {
    const left = await orphansOf(host, mark)
    quiet = left.length === 0 ? quiet + 1 : 0
    for (const pid of left) host.kill(pid)
    if (host.now() > end) throw new Error(`Cannot end processes ${left.join(', ')} that a killed plugin left behind`)
    await host.sleep(step)
  }
}
