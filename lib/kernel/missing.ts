/** Verification: which resources do not stand as described, and in what way. */
import { namespaces } from './kernel.ts'
import { addressFault, attributeFault, linkFault, membershipFault } from './link-fault.ts'
import { missingRoutes } from './missing-routes.ts'
import { missingNeighbours } from './neighbour.ts'
import { missingNft } from './nft-missing.ts'
import { missingForwarding, missingRare } from './rare.ts'
import { linkNameOf, type Netns, type Resource, type Setting } from './resource.ts'
import { type Snapshot, snapshot } from './snapshot.ts'
import type { Tools } from './tool.ts'
import { withoutVain, wrongIn } from './wish.ts'

/** A resource that does not stand, and what is seen instead. */
export interface Missing {
  readonly resource: Resource
  readonly why: string
  /** Of an nftables element: what its key leads to instead. */
  readonly found?: string
}

/** Of what a look at links tells. */
function faultOn(resource: Resource, now: Snapshot): string | undefined {
  if (resource.kind === 'link') return linkFault(resource, now.get(resource.name))
  if (resource.kind === 'moved-link') {
    return linkFault({ ...resource, type: resource.was.type, up: true }, now.get(resource.name))
  }
  if (resource.kind === 'attribute') return attributeFault(resource, now.get(resource.dev))
  if (resource.kind === 'membership') return membershipFault(resource, now.get(resource.dev))
  return resource.kind === 'address' ? addressFault(resource, now.get(resource.dev)) : undefined
}

function missingOn(resource: Resource, now: Snapshot): Missing[] {
  const why = faultOn(resource, now)
  return why === undefined ? [] : [{ resource, why }]
}

/** A wish gives way to a setting that says otherwise, and need not hold where none could be set. */
async function missingSettings(tools: Tools, netns: Netns, settings: readonly Setting[]): Promise<Missing[]> {
  const needed = settings.filter(({ wish }) => !wish)
  const wishes = settings.filter(({ wish, key }) => wish && !needed.some(each => each.key === key))
  const wrong = await withoutVain(tools, await wrongIn(tools, netns, [...needed, ...wishes]))
  return wrong.map(resource => ({ resource, why: 'does not hold' }))
}

async function missingIn(tools: Tools, netns: Netns, resources: readonly Resource[]): Promise<Missing[]> {
  const here = resources.filter(resource => resource.netns === netns)
  const names = here.flatMap(each => {
    if (each.kind === 'link' || each.kind === 'moved-link') return [each.name]
    return ['address', 'attribute', 'membership'].includes(each.kind) ? [linkNameOf(each) ?? ''] : []
  })
  const now = await snapshot(tools, netns, names)
  const qdiscs = here.filter(resource => resource.kind === 'qdisc')
  const neighbours = here.filter(resource => resource.kind === 'neighbour')
  const vlans = here.filter(resource => resource.kind === 'bridge-vlan')
  const settings = here.filter(resource => resource.kind === 'setting').filter(({ brief }) => !brief)
  return [
    ...here.flatMap(resource => missingOn(resource, now)),
    ...(await missingRoutes(tools, netns, here)),
    ...(await missingSettings(tools, netns, settings)),
    ...(await missingNeighbours(tools, neighbours)),
    ...(qdiscs.length > 0 ? await (await import('./missing-qdisc.ts')).missingQdiscs(tools, qdiscs) : []),
    ...(vlans.length > 0 ? await (await import('./bridge-vlan.ts')).missingBridgeVlans(tools, vlans) : []),
  ]
}

/**
 * The resources that do not stand as described, in the order of the description.
 *
 * @param absentNft how nftables objects are looked for
 * @throws KernelError where the kernel cannot be asked
 */
export async function missing(
  tools: Tools,
  resources: readonly Resource[],
  absentNft: typeof missingNft = missingNft,
): Promise<readonly Missing[]> {
  const parts = await Promise.all([null, ...namespaces(resources)].map(netns => missingIn(tools, netns, resources)))
  const nft = (await absentNft(tools, resources)).map(({ resource, found }) =>
    found === undefined ? { resource, why: 'is absent or altered' } : { resource, why: `leads to ${found}`, found },
  )
  const rules = (await missingRare(tools, resources)).map(resource => ({ resource, why: 'is absent or altered' }))
  const all = [...parts.flat(), ...nft, ...rules, ...(await missingForwarding(tools, resources))]
  return resources.flatMap(resource => all.filter(each => each.resource === resource))
}
