/** Ports published by nftables: the default. Pure. */

import { labelOf } from '../../lib/cnm/names.ts'
import { publish } from '../../lib/kernel/publish.ts'
import { portmapBy } from './driver.ts'
import { publishedFor } from './mappings.ts'
import { suffixOf } from './options.ts'

/** The driver. */
export const portmapByNftables = portmapBy({
  tools: [],
  modules: ['nft_nat'],
  resources({ mappings, snat, masqAll, conditions }, { network, ifName, containerId }, placed) {
    const published = publishedFor(mappings, placed.family)
    const appearance = { snat, masqAll, conditions, suffix: suffixOf(conditions) }
    return publish(placed, published, appearance, labelOf({ network, ifName, containerId }))
  },
})
