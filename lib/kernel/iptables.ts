/**
 * Rules and chains of iptables as kernel state. One process for each program does an operation where things are as usual;
 * who finds them otherwise looks, and tries again.
 */
import { byProgram, eachProgram, type Refused, restore, saved, single } from './iptables-process.ts'
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
async function absentRules(tools: Tools, program: string, rules: readonly Iptables[]): Promise<readonly Iptables[]> {
  const [first] = rules
  if (!first) return []
  if (rules.length === 1) return (await single(tools, first, '-C')) ? [] : [first]
  if (!(await restore(tools, program, checkLines(rules)))) return []
  const middle = rules.length >> 1
  const halves = [rules.slice(0, middle), rules.slice(middle)]
  return (await Promise.all(halves.map(half => absentRules(tools, program, half)))).flat()
}

async function absentChains(tools: Tools, program: string, chains: readonly IptablesChain[]): Promise<Rules[]> {
  const tables = [...new Set(chains.map(({ table }) => table))]
  const there = await Promise.all(tables.map(async table => [table, await saved(tools, program, table)] as const))
  const texts = new Map(there)
  return chains.filter(({ table, chain }) => !hasChain(texts.get(table) ?? '', chain))
}

async function standingOf(tools: Tools, program: string, resources: readonly Rules[]): Promise<ReadonlySet<Rules>> {
  const [chains, rules] = await Promise.all([
    absentChains(tools, program, resources.filter(isChain)),
    absentRules(tools, program, resources.filter(isRule)),
  ])
  const absent = new Set<Rules>([...chains, ...rules])
  return new Set(resources.filter(each => !absent.has(each)))
}

async function ensureOf(tools: Tools, program: string, resources: readonly Rules[]): Promise<void> {
  const uncertain = await absentRules(tools, program, unguarded(resources))
  let refused: Refused | undefined = { line: undefined, why: '' }
  if (uncertain.length === unguarded(resources).length) {
    refused = await restore(tools, program, ensureLines(resources, usually(resources), true))
  }
  for (let attempt = 1; refused && attempt < attempts; attempt++) {
    const standing = await standingOf(tools, program, resources)
    refused = await restore(tools, program, ensureLines(resources, standing, false))
  }
  if (refused) throw failure(program, refused)
}

/** What a user wrote is named by its key, and is for him to change. */
function failure(program: string, { line, why }: Refused): KernelError {
  const { resource, text } = line ?? {}
  if (resource?.kind === 'iptables' && resource.key) {
    return new KernelError(`"${resource.key}": ${program}: ${why}`, 'unfit', resource)
  }
  const what = resource ? `${nameOf(resource)} (${text})` : `${program}-restore`
  return new KernelError(`${what}: ${why}`, faultOf(why), resource)
}

/**
 * Makes rules and chains, each once, whatever of them stands already.
 *
 * @throws KernelError that names the rule
 */
export const ensureIptables = (tools: Tools, resources: readonly Rules[]): Promise<void> =>
  eachProgram(tools, resources, ensureOf)

/**
 * The rules and chains that do not stand. Where a rule of a chain that is written anew is absent, the whole chain is:
 * what is left of it may be in the wrong order.
 *
 * @throws KernelError
 */
export async function missingIptables(tools: Tools, resources: readonly Rules[]): Promise<readonly Rules[]> {
  const found: Rules[] = []
  for (const [program, here] of byProgram(resources)) {
    const standing = await standingOf(tools, program, here)
    const absent = here.filter(each => !standing.has(each))
    const own = ownChains(here).filter(({ joined }) => !joined)
    const broken = new Set(own.map(placeOf).filter(place => absent.some(each => placeOf(each) === place)))
    found.push(...here.filter(each => !standing.has(each) || broken.has(placeOf(each))))
  }
  return found
}
