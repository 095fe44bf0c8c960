/**
 * Rules and chains as text for iptables-restore(8). Pure. One text is one transaction for each table: either all of its
 * lines take effect, or none. So a line that is bound to fail where things are not as they were thought to be is a
 * guard: `-C` for what must stand, `-N` for what must not.
 */
import type { Iptables, IptablesChain, IptablesTable, Rules } from './resource.ts'
import { chainName, restoreWord } from './token.ts'

export const isChain = (resource: Rules): resource is IptablesChain => resource.kind === 'iptables-chain'
export const isRule = (resource: Rules): resource is Iptables => resource.kind === 'iptables'

/** A chain within all tables of a family. */
export const placeOf = ({ table, chain }: Rules): string => `${table} ${chain}`

/** A line, and the resource that it is for. */
export interface RestoreLine {
  readonly text: string
  readonly resource: Rules
}

type Verb = '-A' | '-I' | '-C' | '-D'

const ruleLine = (verb: Verb, resource: Iptables): RestoreLine => ({
  text: [verb, chainName(resource.chain), ...resource.rule.map(restoreWord)].join(' '),
  resource,
})

/** Emptying and removing as one: where another rule leads to the chain, neither is done. */
export const dropLines = (chain: IptablesChain): readonly RestoreLine[] => [
  chainLine('-F', chain),
  chainLine('-X', chain),
]

const chainLine = (verb: '-N' | '-F' | '-X', resource: IptablesChain): RestoreLine => ({
  text: `${verb} ${chainName(resource.chain)}`,
  resource,
})

const tables: readonly IptablesTable[] = ['nat', 'filter']

/** Lines as the input of iptables-restore, with the line that each line of it was made from. */
export function restoreText(lines: readonly RestoreLine[]): {
  readonly text: string
  readonly lines: readonly (RestoreLine | undefined)[]
} {
  const parts = tables.flatMap(table => {
    const here = lines.filter(({ resource }) => resource.table === table)
    if (here.length === 0) return []
    return [
      { text: `*${table}`, line: undefined },
      ...here.map(line => ({ text: line.text, line })),
      { text: 'COMMIT' },
    ]
  })
  return { text: parts.map(({ text }) => `${text}\n`).join(''), lines: parts.map(({ line }) => line) }
}

const ownPlaces = (resources: readonly Rules[]): ReadonlySet<string> => new Set(ownChains(resources).map(placeOf))

/** True if a rule can only be there where an own chain of the description is: then that chain's `-N` guards it. */
const isGuarded = (rule: Iptables, own: ReadonlySet<string>): boolean =>
  own.has(placeOf(rule)) || rule.rule.some(word => own.has(`${rule.table} ${word}`))

/** The rules of which nothing tells whether they stand but a look. */
export function unguarded(resources: readonly Rules[]): readonly Iptables[] {
  const own = ownPlaces(resources)
  return resources.filter(isRule).filter(rule => rule.lifetime === 'own' && !isGuarded(rule, own))
}

/** What stands of a description before the first of it is made: all that is shared, nothing of its own. */
export const usually = (resources: readonly Rules[]): ReadonlySet<Rules> =>
  new Set(resources.filter(({ lifetime }) => lifetime === 'kept'))

/**
 * The lines that make a description out of what stands of it.
 *
 * @param standing those of `resources` that exist
 * @param verify whether that is a guess, so that `-C` must confirm it
 */
export function ensureLines(
  resources: readonly Rules[],
  standing: ReadonlySet<Rules>,
  verify: boolean,
): readonly RestoreLine[] {
  const chains = resources.filter(isChain)
  const rules = resources.filter(isRule)
  const written = chains.filter(chain => chain.lifetime === 'own' && !(chain.joined && standing.has(chain)))
  const anew = new Set(written.map(placeOf))
  const made = chains.flatMap(chain => {
    if (!standing.has(chain)) return [chainLine('-N', chain)]
    return anew.has(placeOf(chain)) ? [chainLine('-F', chain)] : []
  })
  const inNew = rules.filter(rule => anew.has(placeOf(rule)))
  const elsewhere = rules.filter(rule => !anew.has(placeOf(rule)))
  const absent = elsewhere.filter(rule => !standing.has(rule))
  const guards = verify ? elsewhere.filter(rule => standing.has(rule)) : []
  return [
    ...guards.map(rule => ruleLine('-C', rule)),
    ...made,
    ...inNew.map(rule => ruleLine('-A', rule)),
    ...absent.filter(({ position }) => !position).map(rule => ruleLine('-A', rule)),
    // The last to be put first is the first.
    ...absent
      .filter(({ position }) => position)
      .toReversed()
      .map(rule => ruleLine('-I', rule)),
  ]
}

/** The lines that fail unless all of these rules stand; they change nothing. */
export const checkLines = (rules: readonly Iptables[]): readonly RestoreLine[] =>
  rules.map(rule => ruleLine('-C', rule))

/** The own rules that go one by one: those in a chain that is not theirs. */
export function outside(resources: readonly Rules[]): readonly Iptables[] {
  const own = ownPlaces(resources)
  return resources.filter(isRule).filter(rule => rule.lifetime === 'own' && !own.has(placeOf(rule)))
}

/** The own chains that we made. */
export const ownChains = (resources: readonly Rules[]): readonly IptablesChain[] =>
  resources.filter(isChain).filter(({ lifetime, leading }) => lifetime === 'own' && !leading)

/**
 * The lines that remove what is `own`. A chain to which another rule leads fails to go, and undoes the emptying before it.
 */
export const removeLines = (resources: readonly Rules[]): readonly RestoreLine[] => [
  ...outside(resources).map(rule => ruleLine('-D', rule)),
  ...ownChains(resources).flatMap(dropLines),
]

/** True if the chain stands in iptables-save's text. */
export const hasChain = (saved: string, chain: string): boolean =>
  saved.split('\n').some(line => line.startsWith(`:${chain} `))

const linesTo = (saved: string, chain: string): readonly string[] =>
  saved.split('\n').filter(line => new RegExp(`^-A .* -[jg] ${chain.replaceAll('.', '\\.')}$`).test(line))

/** True if a rule of iptables-save's text leads to the chain. */
export const leadsTo = (saved: string, chain: string): boolean => linesTo(saved, chain).length > 0

/** The lines that remove the rules which lead to a chain of somebody else's, in the very words of iptables-save. */
export function leadingLines(saved: string, resource: IptablesChain): readonly RestoreLine[] {
  const { leading = [] } = resource
  const isMeant = (line: string) => leading === 'all' || leading.some(source => line.includes(` -s ${source} `))
  return linesTo(saved, resource.chain)
    .filter(isMeant)
    .map(line => ({ text: line.replace('-A', '-D'), resource }))
}
