/** Ports published by iptables, in the reference's chains, which some runtimes and scripts read. Pure. */
import { publishByIptables } from '../../lib/kernel/iptables-publish.ts'
import { portmapBy } from './driver.ts'

/** The bit of the reference. */
const defaultBit = 13

/** The driver. */
export const portmapByIptables = portmapBy({
  tools: ['iptables', 'iptables-restore', 'iptables-save'],
  modules: [],
  resources({ mappings, conditions, mark, ...options }, { network, containerId }, { family, address, prefix }) {
    return publishByIptables({
      network,
      containerId,
      family,
      address: `${address}/${prefix}`,
      mappings: mappings.flatMap(({ hostIp, family: only, ...mapping }) =>
        only === undefined || only === family ? [{ ...mapping, hostIP: hostIp }] : [],
      ),
      snat: options.snat,
      masqAll: options.masqAll,
      conditions: conditions[`v${family}`],
      markMasqBit: mark.bit ?? defaultBit,
      ...(mark.chain === undefined ? {} : { externalSetMarkChain: mark.chain }),
    })
  },
})
