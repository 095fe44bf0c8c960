/** Resources become kernel state here, in a few batches: the one place that makes, removes and verifies. */
import { makeStep, steps } from './batch.ts'
import { impliedBy } from './implied.ts'
import { addLines, type Line, type Removable } from './ip.ts'
import { ensureNft, removeNft } from './nft.ts'
import { ensureRare, ensureRareBeforeLinks, ensureRareOnLinks, ensureVlans, removeRare } from './rare.ts'
import { removeByHand } from './remove.ts'
import { type Attribute, linkNameOf, type MovedLink, type Resource, type Setting } from './resource.ts'
import { restore } from './restore.ts'
import { ensureHostSetting, ensureSandboxSettings } from './setting.ts'
import type { Snapshot } from './snapshot.ts'
import { together } from './together.ts'
import type { Tools } from './tool.ts'

type Batched = Removable | Attribute | MovedLink

const isSetting = (resource: Resource): resource is Setting => resource.kind === 'setting'
const isRemovable = (resource: Resource): resource is Removable =>
  ['link', 'address', 'route', 'neighbour', 'membership', 'displaced'].includes(resource.kind)
const isBatched = (resource: Resource): resource is Batched =>
  isRemovable(resource) || ['attribute', 'moved-link'].includes(resource.kind)

const isQdisc = (resource: Resource): boolean => resource.kind === 'qdisc'

/** Few attachments have qdiscs: what makes them is loaded when one does. */
const qdiscs = () => import('./tc.ts')

/** Nothing may pass a port that has not got its VLANs: links come first and these next. Gives the lines that are left. */
async function vlansFirst(tools: Tools, host: readonly Resource[], lines: readonly Line[]): Promise<readonly Line[]> {
  if (!host.some(({ kind }) => kind === 'bridge-vlan')) return lines
  const isOfLink = ({ resource }: Line) => resource.kind === 'link'
  await makeStep(tools, null, lines.filter(isOfLink))
  await ensureVlans(tools, host)
  return lines.filter(line => !isOfLink(line))
}

/**
 * Makes the resources, in order within each namespace: the host's links first, then all else side by side.
 *
 * @param now what stands on the host; shared objects found there are only adjusted
 * @param inside the same of a sandbox in which there are shared ones
 * @throws KernelError that names the resource; fault `taken` on a `kept` one means that another ADD made it meanwhile
 */
export async function ensure(
  tools: Tools,
  resources: readonly Resource[],
  now: Snapshot,
  inside?: Snapshot,
): Promise<void> {
  const host = resources.filter(resource => resource.netns === null)
  const standing = (resource: Resource) => (resource.netns === null ? now : inside)?.get(linkNameOf(resource) ?? '')
  const lines = resources.filter(isBatched).flatMap(resource => addLines(resource, standing(resource)))
  const cut = steps(lines.filter(({ netns }) => netns === null))
  const links = async () => {
    await ensureRareBeforeLinks(tools, host)
    for (const step of cut.slice(0, -1)) await makeStep(tools, null, step)
    const rest = await vlansFirst(tools, host, cut.at(-1) ?? [])
    // Every link is made: the rest of the host's side goes on beside the sandboxes.
    await together(finish(rest), ...namespaces(resources).map(netns => ensureInside(tools, netns, resources, lines)))
  }
  const finish = async (rest: readonly Line[]) => {
    await makeStep(tools, null, rest)
    // A sysctl may open what a filter has to guard: it comes after.
    await filters
    for (const setting of host.filter(isSetting)) await ensureHostSetting(tools, setting)
    await ensureRareOnLinks(tools, host)
    if (host.some(isQdisc)) await (await qdiscs()).ensureQdiscs(tools, host)
  }
  const made = links()
  const filters = ensureNft(tools, host)
  await together(made, filters, ensureRare(tools, resources))
}

async function ensureInside(
  tools: Tools,
  netns: string,
  resources: readonly Resource[],
  lines: readonly Line[],
): Promise<void> {
  const settings = resources.filter(resource => resource.netns === netns).filter(isSetting)
  const needed = settings.filter(({ wish }) => !wish)
  const wishes = settings.filter(({ wish }) => wish)
  // What has settings has to stand before, and to be up only after them.
  const cut = steps(lines.filter(line => line.netns === netns))
  for (const step of cut.slice(0, -1)) await makeStep(tools, netns, step)
  const make = async () => {
    await ensureSandboxSettings(tools, netns, needed)
    await makeStep(tools, netns, cut.at(-1) ?? [])
  }
  await together(
    make(),
    ensureSandboxSettings(tools, netns, wishes).catch(() => undefined),
  )
}

/** The sandboxes that resources are in. */
export const namespaces = (resources: readonly Resource[]): readonly string[] => [
  ...new Set(resources.flatMap(({ netns }) => (netns === null ? [] : [netns]))),
]

/**
 * Removes the resources of lifetime `own`, last first. What is absent is fine, a namespace that is gone too.
 *
 * @param heirs nftables elements that take the place of removed ones at the same moment
 * @throws KernelError with everything that could not be removed
 */
export async function remove(
  tools: Tools,
  resources: readonly Resource[],
  heirs: readonly Resource[] = [],
): Promise<void> {
  const own = resources.filter(resource => resource.lifetime === 'own').toReversed()
  const implied = impliedBy(own)
  const left = own.filter(resource => !implied(resource))
  // Heirs take over while what they take over from still works.
  if (heirs.length > 0) await removeNft(tools, left, heirs)
  // What the kernel waits for when a link goes is the longest part: it starts first.
  tools.prepare([...new Set(left.filter(isRemovable).map(({ netns }) => netns))], false)
  // What leads to a link goes before that link does: it would lead to nowhere.
  if (left.some(isQdisc)) await (await qdiscs()).removeQdiscs(tools, left)
  const byHand = [null, ...namespaces(left)].map(netns =>
    removeByHand(
      tools,
      netns,
      left.filter(isRemovable).filter(resource => resource.netns === netns),
    ),
  )
  const elements = heirs.length > 0 ? [] : [removeNft(tools, left)]
  await together(...byHand, ...elements, removeRare(tools, left), restore(tools, left))
}
