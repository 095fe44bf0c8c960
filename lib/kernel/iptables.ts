/**
 * Rules and chains of iptables as kernel state. One process for each family does an operation where things are as usual;
 * who finds them otherwise looks, and tries again.
 */
import { byFamily, type Family, families, programOf, type Refused, restore, saved, single } from './iptables-process.ts'
import {
  checkLines,
  ensureLines,
  hasChain,
  isChain,
  isRule,
  ownChains,
  placeOf,
  unguarded,
  usually,
} from './iptables-text.ts'
import { type Iptables, type IptablesChain, KernelError, nameOf, type Rules } from './resource.ts'
import { faultOf, type Tools } from './tool.ts'

/** Others may change the tables between a look and the act. */
const attempts = 4

/** The rules that are absent, in a number of processes that grows with the number of those. */
async function absentRules(tools: Tools, family: Family, rules: readonly Iptables[]): Promise<readonly Iptables[]> {
  const [first] = rules
  if (!first) return []
  if (rules.length === 1) return (await single(tools, first, '-C')) ? [] : [first]
  if (!(await restore(tools, family, checkLines(rules)))) return []
  const middle = rules.length >> 1
  const halves = [rules.slice(0, middle), rules.slice(middle)]
  return (await Promise.all(halves.map(half => absentRules(tools, family, half)))).flat()
}

async function absentChains(tools: Tools, family: Family, chains: readonly IptablesChain[]): Promise<Rules[]> {
  const tables = [...new Set(chains.map(({ table }) => table))]
  const there = await Promise.all(tables.map(async table => [table, await saved(tools, family, table)] as const))
  const texts = new Map(there)
  return chains.filter(({ table, chain }) => !hasChain(texts.get(table) ?? '', chain))
}

async function standingOf(tools: Tools, family: Family, resources: readonly Rules[]): Promise<ReadonlySet<Rules>> {
  const [chains, rules] = await Promise.all([
    absentChains(tools, family, resources.filter(isChain)),
    absentRules(tools, family, resources.filter(isRule)),
  ])
  const absent = new Set<Rules>([...chains, ...rules])
  return new Set(resources.filter(each => !absent.has(each)))
}

async function ensureFamily(tools: Tools, family: Family, resources: readonly Rules[]): Promise<void> {
  const uncertain = await absentRules(tools, family, unguarded(resources))
  let refused: Refused | undefined = { line: undefined, why: '' }
  if (uncertain.length === unguarded(resources).length) {
    refused = await restore(tools, family, ensureLines(resources, usually(resources), true))
  }
  for (let attempt = 1; refused && attempt < attempts; attempt++) {
    const standing = await standingOf(tools, family, resources)
    refused = await restore(tools, family, ensureLines(resources, standing, false))
  }
  if (!refused) return
  const { line, why } = refused
  const what = line ? `${nameOf(line.resource)} (${line.text})` : `${programOf(family)}-restore`
  throw new KernelError(`${what}: ${why}`, faultOf(why), line?.resource)
}

/**
 * Makes rules and chains, each once, whatever of them stands already.
 *
 * @throws KernelError that names the rule
 */
export const ensureIptables = (tools: Tools, resources: readonly Rules[]): Promise<void> =>
  byFamily(tools, resources, ensureFamily)

/**
 * The rules and chains that do not stand. Where a rule of a chain that is written anew is absent, the whole chain is:
 * what is left of it may be in the wrong order.
 *
 * @throws KernelError
 */
export async function missingIptables(tools: Tools, resources: readonly Rules[]): Promise<readonly Rules[]> {
  const found: Rules[] = []
  for (const family of families(resources)) {
    const here = resources.filter(each => each.family === family)
    const standing = await standingOf(tools, family, here)
    const absent = here.filter(each => !standing.has(each))
    const own = ownChains(here).filter(({ joined }) => !joined)
    const broken = new Set(own.map(placeOf).filter(place => absent.some(each => placeOf(each) === place)))
    found.push(...here.filter(each => !standing.has(each) || broken.has(placeOf(each))))
  }
  return found
}
