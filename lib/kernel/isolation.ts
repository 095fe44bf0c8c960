/**
 * Who may talk to whom, and to the host, in `inet fairlead` and `bridge fairlead`.
 *
 * The policy of an endpoint is known by the bridge port that its frames come from: the one thing about them that a
 * container cannot choose. What passes up to the host's IP stack leaves its port behind. So there the frame's source
 * MAC, of no more use to anybody, becomes the name of the policy, and the rules of the `inet` table read that. Neither
 * another MAC nor another address changes it, and a container may have and route whatever addresses it likes. A host
 * that is in a VLAN by a link of its own has that link for a neighbour: its frames change on their way to the link's port.
 * Other hosts of an overlay are neighbours by its tunnel: frames change before they go there, and are judged where they arrive.
 *
 * An endpoint costs an element for its port, and one for an address where the way in is not as for others. What stays is which
 * bridges belong to networks with a policy: their names, and nothing of what it is.
 */
import { gatewayRules, portRules, routedPortRules } from './isolation-ports.ts'
import { type AddressSet, type HostAccess, type Isolation, policyMac, sharedRules } from './isolation-rules.ts'
import type { Nft, Resource } from './resource.ts'
import { linkName, token } from './token.ts'

/** The policy of an endpoint. */
export interface Policy {
  readonly isolation: Isolation
  /** Other networks that are not open do not reach its published ports either. */
  readonly strict: boolean
  /** It says that it is open: then it does not count that its bridge has had another policy. */
  readonly exempt: boolean
  readonly hostAccess: HostAccess
}

/** Where an endpoint is, as its host sees it. */
export interface Place {
  /** The host end. */
  readonly port: string
  /** The bridge that it is a port of; without one, the host routes to the port itself. */
  readonly bridge: string | undefined
  /** The link by which the host routes to it, where that is not the bridge, and its port there if it has one. */
  readonly gateway?: { readonly name: string; readonly port?: string }
  /** The link by which its network goes on to other hosts: a port of the bridge, or one that the host routes to. */
  readonly tunnel?: string
  /** The bridge keeps its isolated ports apart already. */
  readonly portIsolated: boolean
  readonly addresses: readonly { readonly family: 4 | 6; readonly address: string }[]
}

const element = { kind: 'nft', netns: null, object: 'element' } as const
const own = { ...element, lifetime: 'own' } as const

/** True if there is nothing that the policy forbids. */
export const isOpen = ({ isolation, hostAccess }: Policy): boolean => isolation === 'open' && hostAccess === 'all'

function addressSet({ isolation, strict, exempt }: Policy): AddressSet | undefined {
  if (isolation === 'internal') return 'closed'
  if (isolation === 'open') return exempt ? 'exempt' : undefined
  return strict ? 'strict' : undefined
}

/** Which links are one network: what goes from one to another stays within it. Of an internal one, nothing else gets to them. */
function networkOf({ isolation }: Policy, { bridge, tunnel }: Place, network: string): readonly Nft[] {
  if (isolation === 'open') return []
  // The name of a bridge outlives its endpoints; a port without a bridge is its endpoint's own.
  const named = { ...element, lifetime: bridge === undefined ? 'own' : 'kept', family: 'inet' } as const
  const links = [network, ...(tunnel === undefined ? [] : [linkName(tunnel)])]
  return [
    ...links.flatMap(from => links.map(to => ({ ...named, set: 'networks', key: `${from} . ${to}` }))),
    ...(isolation === 'internal' && tunnel !== undefined
      ? links.map(key => ({ ...named, set: 'internals', key }))
      : []),
  ]
}

/** The resources that hold an endpoint to its policy; `label` says whose they are. */
export function confine(policy: Policy, place: Place, comment: string): readonly Nft[] {
  if (isOpen(policy) && !policy.exempt) return []
  const { port, bridge, gateway, tunnel, portIsolated, addresses } = place
  const [key, network] = [linkName(port), linkName(gateway?.name ?? bridge ?? port)]
  const set = addressSet(policy)
  const mine: Nft[] = addresses.flatMap(({ family, address }) =>
    set ? [{ ...own, family: 'inet', set: `${set}${family}`, key: `${network} . ${token(address)}`, comment }] : [],
  )
  mine.push(...networkOf(policy, place, network))
  if (policy.isolation === 'isolated' && bridge !== undefined && !portIsolated) {
    mine.push({ ...own, family: 'bridge', set: 'alone', key, comment })
  }
  if (!isOpen(policy)) {
    const family = bridge === undefined ? 'inet' : 'bridge'
    const data = policyMac(policy.isolation, policy.hostAccess)
    mine.push({ ...own, family, set: 'policies', key, data, comment })
    for (const way of [gateway?.port, tunnel]) if (way !== undefined) mine.push(...gatewayRules(way))
  }
  return [...sharedRules, ...(bridge === undefined ? routedPortRules : portRules), ...mine]
}

/** The same resources, where the bridge goes with its last endpoint: the names of its network then go too. */
export const untilBridgeGoes = (bridge: string, resources: readonly Resource[]): readonly Resource[] =>
  resources.map(each => {
    const isName = each.kind === 'nft' && each.object === 'element' && ['networks', 'internals'].includes(each.set)
    return isName && each.lifetime === 'kept' ? { ...each, lifetime: 'counted', of: bridge } : each
  })
