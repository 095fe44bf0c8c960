/**
 * What firewalls of the host do to forwarded packets. An accept in one table does not undo a drop in another, so where
 * somebody else drops, our packets have to be let through in his own place.
 */
import { firewalldRuns } from './firewalld.ts'
import { KernelError } from './resource.ts'
import { faultOf, hasTool, type Tools } from './tool.ts'

export interface HostFirewall {
  /** Families whose FORWARD chain of iptables drops what it has no rule for. */
  readonly drops: readonly (4 | 6)[]
  readonly firewalld: boolean
}

interface Listing {
  readonly nftables: readonly { readonly chain?: Readonly<Record<string, unknown>> }[]
}

const tableOf = { 4: 'ip', 6: 'ip6' } as const
/** Tables of legacy iptables that the kernel has loaded; those of nf_tables are not among them. */
const namesOf = { 4: '/proc/net/ip_tables_names', 6: '/proc/net/ip6_tables_names' } as const

/** The policy of iptables on nf_tables; the names of all chains cost one process, and their rules are not asked for. */
async function nftDrops(tools: Tools): Promise<(4 | 6)[]> {
  const { code, stdout, stderr } = await tools.run(['nft', '-j', 'list', 'chains'])
  if (code !== 0) throw new KernelError(`nft list chains: ${stderr.trim()}`, faultOf(stderr))
  const chains = (JSON.parse(stdout) as Listing).nftables.flatMap(({ chain }) => (chain ? [chain] : []))
  return ([4, 6] as const).filter(family =>
    chains.some(
      ({ family: its, table, name, policy }) =>
        its === tableOf[family] && table === 'filter' && name === 'FORWARD' && policy === 'drop',
    ),
  )
}

async function legacyDrops(tools: Tools, family: 4 | 6): Promise<boolean> {
  const loaded = (await tools.host.files.read(namesOf[family])) ?? ''
  if (!loaded.split('\n').includes('filter')) return false
  const name = family === 4 ? 'iptables' : 'ip6tables'
  // Where there is one kind alone, it has no name of its own.
  const program = (await hasTool(tools.host, `${name}-legacy`)) ? `${name}-legacy` : name
  const { stdout } = await tools.run([program, '--wait', '-S', 'FORWARD'])
  return stdout.includes('-P FORWARD DROP')
}

/**
 * Looks at the host's firewalls.
 *
 * @throws KernelError where they cannot be looked at
 */
export async function hostFirewall(tools: Tools): Promise<HostFirewall> {
  const [nft, legacy4, legacy6, firewalld] = await Promise.all([
    nftDrops(tools),
    legacyDrops(tools, 4),
    legacyDrops(tools, 6),
    firewalldRuns(tools),
  ])
  const drops = ([4, 6] as const).filter(family => nft.includes(family) || (family === 4 ? legacy4 : legacy6))
  return { drops, firewalld }
}
