/**
 * What firewalls of the host do to forwarded packets. An accept in one table does not undo a drop in another, so where
 * somebody else drops, our packets have to be let through in his own place.
 */
import { firewalldRuns } from './firewalld.ts'
import { KernelError, programOf, type XtablesKind } from './resource.ts'
import { faultOf, hasTool, type Tools } from './tool.ts'

type Family = XtablesKind['family']

export interface HostFirewall {
  /** Those whose FORWARD chain of iptables drops what it has no other rule for. */
  readonly drops: readonly XtablesKind[]
  /** Families with tables of legacy iptables that no program here can show. */
  readonly unseen: readonly Family[]
  readonly firewalld: boolean
}

/** A chain that others have, as libnftables-json(5) has it. */
export type NftChain = Readonly<Record<string, unknown>>

interface Listing {
  readonly nftables: readonly { readonly chain?: NftChain }[]
}

const families: readonly Family[] = [4, 6]
const tableOf = { 4: 'ip', 6: 'ip6' } as const
/** Tables of legacy iptables that the kernel has loaded; those of nf_tables are not among them. */
const namesOf = { 4: '/proc/net/ip_tables_names', 6: '/proc/net/ip6_tables_names' } as const

/** What becomes of all that comes to a rule without a match; a comment is none. As nft lists it, with xtables or without. */
const forAll =
  /^\s*(?:xt match "?comment"? )?(?:counter packets \d+ bytes \d+ )?(accept|drop|reject|xt target "?REJECT)/m
/** The same in the words of iptables(8). */
const forAllOfLegacy = /^-A FORWARD (?:-m comment --comment (?:"[^"]*"|\S+) )?-j (ACCEPT|DROP|REJECT)/m

/** The first such rule has the last word. */
const isClosed = (rules: string, pattern: RegExp): boolean => /DROP|REJECT/i.test(pattern.exec(rules)?.[1] ?? '')

/**
 * All chains of nftables, in one process that does not ask for their rules.
 *
 * @throws KernelError
 */
export async function nftChains(tools: Tools): Promise<readonly NftChain[]> {
  const { code, stdout, stderr } = await tools.run(['nft', '-j', 'list', 'chains'])
  if (code !== 0) throw new KernelError(`nft list chains: ${stderr.trim()}`, faultOf(stderr))
  return (JSON.parse(stdout) as Listing).nftables.flatMap(({ chain }) => (chain ? [chain] : []))
}

/** True for the FORWARD chain of iptables on nf_tables. */
export const isForward = (chain: NftChain, family: Family): boolean =>
  chain.family === tableOf[family] && chain.table === 'filter' && chain.name === 'FORWARD'

/** By its policy, or by a rule for all; the rules are asked for where there is such a chain alone. */
async function nftDrops(tools: Tools, chains: readonly NftChain[], family: Family): Promise<readonly XtablesKind[]> {
  const chain = chains.find(each => isForward(each, family))
  if (!chain) return []
  if (chain.policy === 'drop') return [{ family }]
  const { stdout } = await tools.run(['nft', 'list', 'chain', tableOf[family], 'filter', 'FORWARD'])
  return isClosed(stdout, forAll) ? [{ family }] : []
}

/** The kind that drops, if it does; undefined where no program shows. */
async function legacyDrops(tools: Tools, family: Family): Promise<readonly XtablesKind[] | undefined> {
  const loaded = (await tools.host.files.read(namesOf[family])) ?? ''
  if (!loaded.split('\n').includes('filter')) return []
  const named = { family, legacy: true } as const
  // Where there is one kind alone, it has no name of its own.
  const kind = (await hasTool(tools.host, programOf(named))) ? named : { family }
  const { stdout, stderr } = await tools.run([programOf(kind), '--wait', '-S', 'FORWARD'])
  if (/iptables-legacy tables present/.test(stderr)) return undefined
  return stdout.includes('-P FORWARD DROP') || isClosed(stdout, forAllOfLegacy) ? [kind] : []
}

/**
 * Looks at the host's firewalls.
 *
 * @throws KernelError where they cannot be looked at
 */
export async function hostFirewall(tools: Tools): Promise<HostFirewall> {
  const [nft, legacy, firewalld] = await Promise.all([
    nftChains(tools).then(chains => Promise.all(families.map(family => nftDrops(tools, chains, family)))),
    Promise.all(families.map(family => legacyDrops(tools, family))),
    firewalldRuns(tools),
  ])
  const all = [...nft, ...legacy].flatMap(each => each ?? [])
  // Where the programs of both kinds have one name, it is one.
  const drops = [...new Map(all.map(kind => [programOf(kind), kind])).values()]
  return { drops, unseen: families.filter((_, index) => legacy[index] === undefined), firewalld }
}
