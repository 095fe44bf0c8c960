/** Whether what a record describes still lives: strict, for an address given away too early is worse than one kept. */
import type { Host } from '../host/host.ts'
import { netnsAt } from '../kernel/netns.ts'
import { isHostEnd, isOwnLink } from '../kernel/resource.ts'
import { type LinkState, snapshot } from '../kernel/snapshot.ts'
import type { Tools } from '../kernel/tool.ts'
import { bootId, isAlive, mountNamespace } from '../store/boot.ts'
import { aliasOf, aliasStart, recordName } from './names.ts'
import type { Record } from './record.ts'

/**
 * `unknown` is never reclaimed: from another mount namespace a living `/run/netns/x` looks like an empty file.
 * `detached`: the path leads where it did, but the link is gone; an ADD may take the place, a lease is not given away.
 */
export type Liveness = 'live' | 'detached' | 'gone' | 'unknown'

const step = 5
/** The kernel takes a namespace down after its last user has gone: links vanish some milliseconds later. */
export const teardown = 500

/** True where another attachment may take the place; see `livenessOf`. */
export const hasEnded = async (tools: Tools, record: Record, patient: boolean): Promise<boolean> =>
  ['gone', 'detached'].includes(await livenessOf(tools, record, patient))

/** The host-side link that shows whether the sandbox still stands. */
export const hostLinkOf = (record: Record): string | undefined =>
  record.resources.find(isHostEnd)?.name ?? record.hostEnd?.name

/** A link is an attachment's by its alias; before it has one, by the MAC that it was made with. */
export function isOurLink(record: Record, link: LinkState): boolean {
  const { hostEnd, key, resources } = record
  const made = resources.filter(isOwnLink).find(each => each.name === link.name)
  if (made) return link.alias === '' ? link.mac === made.mac : link.alias === aliasOf(recordName(key))
  if (!hostEnd) return false
  return link.alias === '' ? link.mac === hostEnd.mac : link.alias.startsWith(aliasStart(key))
}

/** The link of an endpoint that has no end on the host. */
const insideLinkOf = ({ resources, netns }: Record): string | undefined =>
  resources.flatMap(each =>
    each.lifetime === 'own' && each.netns === netns.path && (each.kind === 'link' || each.kind === 'moved-link')
      ? [each.name]
      : [],
  )[0]

/** A namespace that was just made may have the number of one that is gone: what we made there tells them apart. */
async function hasLinkInside(tools: Tools, record: Record): Promise<boolean> {
  const name = insideLinkOf(record)
  return name === undefined || (await snapshot(tools, record.netns.path, [name])).has(name)
}

async function hasLink(tools: Tools, record: Record): Promise<boolean> {
  const name = hostLinkOf(record)
  if (name === undefined) return false
  const found = (await snapshot(tools, null, [name])).get(name)
  return found !== undefined && isOurLink(record, found)
}

/** Whether the path still leads to the recorded namespace, as far as we can see. */
export async function seesNetns(host: Host, record: Record): Promise<boolean> {
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
  const adding = record.state === 'adding'
  if (adding && (await isAlive(host, record.process))) return 'live'
  const visible = await seesNetns(host, record)
  if (visible && hostLinkOf(record) === undefined) {
    if (adding) return 'unknown'
    return (await hasLinkInside(tools, record)) ? 'live' : 'detached'
  }
  const end = host.now() + (patient && !visible ? teardown : 0)
  while (await hasLink(tools, record)) {
    if (visible) return 'live'
    if (host.now() >= end) return 'unknown'
    await host.sleep(step)
  }
  if (!visible) return 'gone'
  // What a killed ADD left running may still be making the link.
  return adding ? 'unknown' : 'detached'
}
