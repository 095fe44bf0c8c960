/** Taking rules and chains away: ours, and what another program made for an attachment that we are to remove. */
import { all, byFamily, type Family, restore, saved, single } from './iptables-process.ts'
import {
  dropLines,
  hasChain,
  isChain,
  leadingLines,
  leadsTo,
  outside,
  ownChains,
  removeLines,
} from './iptables-text.ts'
import { type IptablesChain, KernelError, nameOf, type Rules } from './resource.ts'
import { faultOf, type Tools } from './tool.ts'

/**
 * What of a chain cannot go with it is nobody else's: an own chain that stays, stays for who still jumps there.
 *
 * @throws KernelError where a chain stays that no rule leads to
 */
async function removeChain(tools: Tools, family: Family, chain: IptablesChain): Promise<void> {
  const refused = await restore(tools, family, dropLines(chain))
  if (!refused) return
  const now = await saved(tools, family, chain.table)
  if (!hasChain(now, chain.chain) || leadsTo(now, chain.chain)) return
  throw new KernelError(`${nameOf(chain)}: ${refused.why}`, faultOf(refused.why), chain)
}

/** A chain of somebody else's, with what leads to it: where there is none, a look is all. */
async function removeForeign(tools: Tools, family: Family, chains: readonly IptablesChain[]): Promise<void> {
  for (const table of new Set(chains.map(each => each.table))) {
    // A backend that cannot be used has made nothing.
    const now = await saved(tools, family, table).catch(() => '')
    for (const chain of chains.filter(each => each.table === table && hasChain(now, each.chain))) {
      const refused = await restore(tools, family, leadingLines(now, chain))
      if (refused) throw new KernelError(`${nameOf(chain)}: ${refused.why}`, faultOf(refused.why), chain)
      await removeChain(tools, family, chain)
    }
  }
}

async function removeFamily(tools: Tools, family: Family, resources: readonly Rules[]): Promise<void> {
  await removeForeign(
    tools,
    family,
    resources.filter(isChain).filter(({ leading }) => leading),
  )
  if (!(await restore(tools, family, removeLines(resources)))) return
  await all(outside(resources).map(async rule => void (await single(tools, rule, '-D'))))
  for (const chain of ownChains(resources)) await removeChain(tools, family, chain)
}

/**
 * Removes the `own` rules and chains; what is absent is fine.
 *
 * @throws KernelError
 */
export const removeIptables = (tools: Tools, resources: readonly Rules[]): Promise<void> =>
  byFamily(tools, resources, removeFamily)
