/** Whether what a record describes still lives: strict, for an address given away too early is worse than one kept. */
import type { Host } from '../host/host.ts'
import { netnsAt } from '../kernel/netns.ts'
import { isHostEnd } from '../kernel/resource.ts'
import { snapshot } from '../kernel/snapshot.ts'
import type { Tools } from '../kernel/tool.ts'
import { bootId, mountNamespace } from '../store/boot.ts'
import { aliasOf, recordName } from './names.ts'
import type { Record } from './record.ts'

/** `unknown` is never reclaimed: from another mount namespace a living `/run/netns/x` looks like an empty file. */
export type Liveness = 'live' | 'gone' | 'unknown'

const step = 5
/** The kernel takes a namespace down after its last user has gone: links vanish some milliseconds later. */
const teardown = 500

/** The host-side link that shows whether the sandbox still stands. */
export const hostLinkOf = (record: Record): string | undefined => record.resources.find(isHostEnd)?.name

async function hasLink(tools: Tools, record: Record): Promise<boolean> {
  const name = hostLinkOf(record)
  if (name === undefined) return false
  const found = (await snapshot(tools, null, [name])).get(name)
  return found !== undefined && ['', aliasOf(recordName(record.key))].includes(found.alias)
}

/** Whether the path still leads to the recorded namespace, as far as we can see. */
async function seesNetns(host: Host, record: Record): Promise<boolean> {
  const there = await netnsAt(host, record.netns.path)
  return typeof there === 'object' && there.id === record.netns.id
}

/**
 * Judges a record.
 *
 * @param patient whether to wait for a teardown that the kernel may be at
 */
export async function livenessOf(tools: Tools, record: Record, patient: boolean): Promise<Liveness> {
  const { host } = tools
  if (record.boot !== (await bootId(host))) return 'gone'
  if (record.mounts !== (await mountNamespace(host))) return 'unknown'
  const visible = await seesNetns(host, record)
  if (visible && hostLinkOf(record) === undefined) return 'live'
  const end = host.now() + (patient && !visible ? teardown : 0)
  while (await hasLink(tools, record)) {
    if (visible) return 'live'
    if (host.now() >= end) return 'unknown'
    await host.sleep(step)
  }
  return 'gone'
}
