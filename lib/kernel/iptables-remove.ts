/** Taking rules and chains away: ours, and what another program made for an attachment that we are to remove. */
import { all, eachProgram, type Refused, restore, saved, single } from './iptables-process.ts'
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

/** Others may change the tables between a look and the act. */
const attempts = 3

const failure = (chain: IptablesChain, { why }: Refused): KernelError =>
  new KernelError(`${nameOf(chain)}: ${why}`, faultOf(why), chain)

/**
 * What of a chain cannot go with it is nobody else's: an own chain that stays, stays for who still jumps there.
 *
 * @throws KernelError where a chain stays that no rule leads to
 */
async function removeChain(tools: Tools, program: string, chain: IptablesChain): Promise<void> {
  const refused = await restore(tools, program, dropLines(chain))
  if (!refused) return
  const now = await saved(tools, program, chain.table)
  if (!hasChain(now, chain.chain) || leadsTo(now, chain.chain)) return
  throw failure(chain, refused)
}

/** Removes the rules that lead to a chain, and it, by what a look has shown. Throws KernelError. */
async function removeLed(tools: Tools, program: string, chain: IptablesChain, seen: string): Promise<void> {
  let now = seen
  for (let attempt = 1; hasChain(now, chain.chain); attempt++) {
    const refused = await restore(tools, program, leadingLines(now, chain))
    if (!refused) return removeChain(tools, program, chain)
    if (attempt === attempts) throw failure(chain, refused)
    now = await saved(tools, program, chain.table)
  }
}

/** Chains with what leads to them: where there is none, a look is all. */
async function removeLeading(tools: Tools, program: string, chains: readonly IptablesChain[]): Promise<void> {
  for (const table of new Set(chains.map(each => each.table))) {
    // A backend that cannot be used has made nothing.
    const now = await saved(tools, program, table).catch(() => '')
    for (const chain of chains.filter(each => each.table === table)) await removeLed(tools, program, chain, now)
  }
}

async function removeOf(tools: Tools, program: string, resources: readonly Rules[]): Promise<void> {
  await removeLeading(
    tools,
    program,
    resources.filter(isChain).filter(({ leading }) => leading),
  )
  if (!(await restore(tools, program, removeLines(resources)))) return
  const rules = outside(resources)
  // What a user wrote may be no rule, or none today, when a name in it no longer resolves: its chain shows what there is.
  const leads = ({ chain }: IptablesChain) => rules.some(({ key, rule }) => key && rule.at(-1) === chain)
  const led = ownChains(resources).filter(leads)
  await removeLeading(
    tools,
    program,
    led.map(chain => ({ ...chain, leading: 'all' }) as const),
  )
  const left = rules.filter(({ rule }) => !led.some(({ chain }) => rule.at(-1) === chain))
  await all(left.map(async rule => void (await single(tools, rule, '-D'))))
  for (const chain of ownChains(resources)) await removeChain(tools, program, chain)
}

/**
 * Removes the `own` rules and chains; what is absent is fine.
 *
 * @throws KernelError
 */
export const removeIptables = (tools: Tools, resources: readonly Rules[]): Promise<void> =>
  eachProgram(tools, resources, removeOf)
