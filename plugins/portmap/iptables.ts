/** Ports published by iptables, in the reference's chains, which some runtimes and scripts read. Pure. */

import type { Decoded } from '../../lib/cni/decode.ts'
import { CniError, code } from '../../lib/cni/error.ts'
import type { Request } from '../../lib/cni/request.ts'
import type { ChainedDriver } from '../../lib/cnm/model.ts'
import { publishByIptables } from '../../lib/kernel/iptables-publish.ts'
import { portmapBy } from './driver.ts'
import { type Options, readOptions } from './options.ts'

/** The bit of the reference. */
const defaultBit = 13

/** Throws CniError 2 for what only nftables can do, else as readOptions does. */
function optionsOf(request: Request): Decoded<Options> {
  const decoded = readOptions(request)
  if (!decoded.value.vetted) return decoded
  const why = 'it needs the backend nftables, and iptables is chosen. Choose nftables, or leave the key out'
  throw new CniError(code.unsupportedField, `Cannot use "hostFirewall": "respect": ${why}`)
}

const driver = portmapBy({
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

/** The driver. */
export const portmapByIptables: ChainedDriver<Options> = { ...driver, options: optionsOf }
