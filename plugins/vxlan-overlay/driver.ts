/** vxlan-overlay: endpoints on hosts that share one network, by a tunnel between these. Pure: it says what should be. */
import type { Result } from '../../lib/cni/result.ts'
import type { Feature } from '../../lib/cnm/feature.ts'
import { needsWith, readsOf, withFeatures } from '../../lib/cnm/features.ts'
import type { Driver, Endpoint, Facts } from '../../lib/cnm/model.ts'
import { untilBridgeGoes } from '../../lib/kernel/isolation.ts'
import type { Description } from '../../lib/kernel/resource.ts'
import { bridgeName } from '../../lib/kernel/tunnel-names.ts'
import { addressResources, macFrom } from './addressing.ts'
import { asksOf, linksOf } from './links.ts'
import { needsOf, offloadOf } from './offload.ts'
import { type Options, readOptions } from './options.ts'
import { remotesOf } from './remotes.ts'
import { attachedOf, resultOf } from './result.ts'
import { needRoom } from './room.ts'

function addressing(
  features: readonly Feature[],
  options: Options,
  endpoint: Endpoint,
  facts: Facts,
  leased: Result,
): Description {
  const attached = attachedOf(options, endpoint, facts, leased)
  const own: Description = {
    resources: [...addressResources(options, endpoint, leased), ...remotesOf(options), ...offloadOf(options)],
    effects: [{ effect: 'await-port', port: endpoint.hostEnd }],
  }
  const all = withFeatures(own, features, attached, facts)
  return { ...all, resources: untilBridgeGoes(bridgeName(options.vni), all.resources) }
}

/** The driver, with the features that a configuration asks for. */
export const overlayWith = (features: readonly Feature[]): Driver<Options> => ({
  type: 'vxlan-overlay',
  options: request => ({ ...readOptions(request), notes: features.flatMap(({ notes }) => notes) }),
  mac: (options, leased) => options.mac ?? macFrom(options, leased),
  asks: asksOf,
  ready: (options, seen) => {
    needRoom(options, seen)
    return []
  },
  reads: () => readsOf(features),
  asksFirewall: () => features.some(({ asksFirewall }) => asksFirewall === true),
  needs: options => needsWith(needsOf(options), features),
  links: (options, endpoint, facts) => ({
    resources: linksOf(
      options,
      endpoint,
      facts,
      features.some(({ hairpin }) => hairpin),
    ),
    effects: [],
  }),
  addressing: (options, endpoint, facts, leased) => addressing(features, options, endpoint, facts, leased),
  result: resultOf,
})
