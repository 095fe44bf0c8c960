/** Who else on this host decides about containers' packets, and the settings that do. */
import { hostFirewall, isForward, type NftChain, nftChains } from '../../kernel/host-firewall.ts'
import { programOf } from '../../kernel/resource.ts'
import type { Tools } from '../../kernel/tool.ts'
import type { Finding } from './finding.ts'

const opened =
  'Put the plugin "firewall" behind the network, or set "isolation" in bridge: its containers are let through then'
const foreign = 'No plugin changes that chain: accept there what comes from your containers, and what goes to them'
const install =
  'Install iptables-legacy: where a chain of theirs drops, the plugin "firewall" lets containers through by it'

/** Base chains of others at the forward hook of nftables that drop what they have no rule for. */
async function dropping(tools: Tools): Promise<readonly NftChain[]> {
  const isIptables = (chain: NftChain) => isForward(chain, 4) || isForward(chain, 6)
  return (await nftChains(tools).catch(() => [])).filter(
    chain => chain.hook === 'forward' && chain.policy === 'drop' && chain.table !== 'fairlead' && !isIptables(chain),
  )
}

async function neighbours({ host }: Tools, firewalld: boolean): Promise<readonly Finding[]> {
  const found: Finding[] = []
  const beside = (text: string) => found.push({ severity: 'ok', area: 'firewalls', text })
  if (firewalld) beside('firewalld runs: the plugin "firewall" makes containers sources of its trusted zone')
  const ufw = await host.files.read('/etc/ufw/ufw.conf')
  if (/^ENABLED=yes/m.test(ufw ?? ''))
    beside('ufw is on: it drops what is forwarded, unless the plugin "firewall" is there')
  if (await host.files.stat('/sys/class/net/docker0')) beside('Docker is here: it drops what others forward')
  return found
}

/** Looks at other firewalls. */
export async function lookAtFirewalls(tools: Tools): Promise<readonly Finding[]> {
  const { drops, unseen, firewalld } = await hostFirewall(tools)
  const warning = (text: string, remedy: string): Finding => ({ severity: 'warning', area: 'firewalls', text, remedy })
  const closed = (chain: string, remedy: string) => warning(`${chain} drops what is forwarded`, remedy)
  const warnings = [
    ...drops.map(kind => closed(`chain FORWARD of ${programOf(kind)}`, opened)),
    ...(await dropping(tools)).map(({ family, table, name }) =>
      closed(`chain ${name} of table ${family} ${table}`, firewalld && table === 'firewalld' ? opened : foreign),
    ),
    ...unseen.map(family => warning(`no program shows what ${programOf({ family, legacy: true })} has here`, install)),
  ]
  const clear: Finding[] =
    warnings.length > 0 ? [] : [{ severity: 'ok', area: 'firewalls', text: 'nobody else drops what is forwarded' }]
  return [...clear, ...warnings, ...(await neighbours(tools, firewalld))]
}

interface Sysctl {
  readonly path: string
  readonly wrong: (value: string) => boolean
  readonly text: string
  readonly remedy: string
}

const sysctls: readonly Sysctl[] = [
  {
    path: 'net/ipv6/conf/all/disable_ipv6',
    wrong: value => value === '1',
    text: 'IPv6 is off on this host',
    remedy: 'Set net.ipv6.conf.all.disable_ipv6=0, or give networks no IPv6 subnets',
  },
  {
    path: 'net/ipv4/conf/all/rp_filter',
    wrong: value => value === '1',
    text: 'packets whose answers would go elsewhere are dropped (rp_filter is strict)',
    remedy: 'Set net.ipv4.conf.all.rp_filter=2 where containers have several networks',
  },
  {
    path: 'net/ipv4/ip_forward',
    wrong: value => value === '0',
    text: 'IPv4 is not forwarded yet: the first network with a gateway turns it on',
    remedy: 'Set net.ipv4.ip_forward=1 for good, for who looks at it before',
  },
]

/** Looks at settings of the host that decide about packets. */
export async function lookAtSettings({ host }: Tools): Promise<readonly Finding[]> {
  const found = await Promise.all(
    sysctls.map(async ({ path, wrong, text, remedy }): Promise<Finding> => {
      const value = (await host.files.read(`/proc/sys/${path}`))?.trim()
      const name = path.replaceAll('/', '.')
      if (value === undefined || !wrong(value)) return { severity: 'ok', area: 'settings', text: `${name} is ${value}` }
      return { severity: 'warning', area: 'settings', text: `${name} is ${value}: ${text}`, remedy }
    }),
  )
  return found
}
