/** What attaches on a host: a plugin, or a shell script of the same kernel work. */
import { addCrowd } from './crowd.ts'
import { attachByShell, detachByShell, prepareKernel } from './kernel.ts'
import { addNetns, type Side } from './side.ts'

const together = 4

/** A host with attachments, and how to measure one more there. */
export interface Place {
  fill(count: number): Promise<void>
  /** Milliseconds of one attachment, which is gone again afterwards. */
  once(id: string, index: number): Promise<number>
}

export const byPlugin = (side: Side): Place => ({
  async fill(count) {
    const { failures } = await addCrowd(side, count, together)
    if (failures.length > 0) throw new Error(`${failures.length} of ${count} ADDs failed: ${failures[0]}`)
  },
  async once(id, index) {
    const { ms } = await side.add(id, index)
    await side.del(id)
    return ms
  },
})

export const byShell = (side: Side): Place => ({
  async fill(count) {
    await prepareKernel(side)
    for (let index = 0; index < count; index++) {
      await addNetns(side, `s${index}`)
      await attachByShell(side, `s${index}`, index)
    }
  },
  async once(id, index) {
    const ms = await attachByShell(side, id, index)
    await detachByShell(side, index)
    return ms
  },
})
