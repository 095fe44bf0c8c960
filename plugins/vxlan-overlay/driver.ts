/** vxlan-overlay: endpoints on hosts that share one network, by a tunnel between these. Pure: it says what should be. */
import type { Result } from '../../lib/cni/result.ts'
import type { Feature } from '../../lib/cnm/feature.ts'
import { readsOf, withoutTwins } from '../../lib/cnm/features.ts'
import type { Driver, Endpoint, Facts, Needs } from '../../lib/cnm/model.ts'
import { type Description, joined } from '../../lib/kernel/resource.ts'
import { addressResources, macFrom } from './addressing.ts'
import { asksOf, linksOf } from './links.ts'
import { type Options, readOptions } from './options.ts'
import { remotesOf } from './remotes.ts'
import { attachedOf, resultOf } from './result.ts'

function addressing(
  features: readonly Feature[],
  options: Options,
  endpoint: Endpoint,
  facts: Facts,
  leased: Result,
): Description {
  const attached = attachedOf(options, endpoint, facts, leased)
  const all = joined(
    {
      resources: [...addressResources(options, endpoint, leased), ...remotesOf(options)],
      effects: [{ effect: 'await-port', port: endpoint.hostEnd }],
    },
    ...features.map(feature => feature.describe(attached, facts)),
  )
  return { ...all, resources: withoutTwins(all.resources) }
}

const needsOf = (features: readonly Feature[]): Needs => ({
  tools: [...new Set(['ip', 'bridge', 'nft', 'nsenter', 'tee', ...features.flatMap(({ needs }) => needs.tools)])],
  modules: ['bridge', 'veth', 'vxlan', 'nf_tables', ...features.flatMap(({ needs }) => needs.modules)],
})

/** The driver, with the features that a configuration asks for. */
export const overlayWith = (features: readonly Feature[]): Driver<Options> => ({
  type: 'vxlan-overlay',
  options: request => ({ ...readOptions(request), notes: features.flatMap(({ notes }) => notes) }),
  mac: (options, leased) => options.mac ?? macFrom(options, leased),
  asks: asksOf,
  reads: () => readsOf(features),
  asksFirewall: () => features.some(({ asksFirewall }) => asksFirewall === true),
  needs: () => needsOf(features),
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
