/** Ports published by nftables: the default. Pure. */

import { labelOf } from '../../lib/cnm/names.ts'
import { publish } from '../../lib/kernel/publish.ts'
import { vet } from '../../lib/kernel/vetting.ts'
import { portmapBy } from './driver.ts'
import { publishedFor } from './mappings.ts'
import { suffixOf } from './options.ts'

/** The driver. */
export const portmapByNftables = portmapBy({
  tools: [],
  modules: ['nft_nat'],
  resources(options, { network, ifName, containerId }, placed) {
    const { mappings, snat, masqAll, conditions, vetted } = options
    const published = publishedFor(mappings, placed.family)
    const appearance = { snat, masqAll, conditions, vetted, suffix: suffixOf(options) }
    const label = labelOf({ network, ifName, containerId })
    const guarded = vetted ? vet(placed, published, appearance, label) : []
    return [...publish(placed, published, appearance, label), ...guarded]
  },
})
