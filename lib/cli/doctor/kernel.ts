/** What the kernel can do: tried in a network namespace that is gone afterwards. */
import type { Tools } from '../../kernel/tool.ts'
import type { Finding } from './finding.ts'

interface Feature {
  readonly name: string
  /** Makes one of it, beside a link `p0`. */
  readonly trial: string
  /** The plugins that need it; absent: all of them. */
  readonly plugins?: string
  /** Options of the kernel. */
  readonly options: string
}

const features: readonly Feature[] = [
  { name: 'veth pairs', trial: 'ip link add t0 type veth', options: 'VETH' },
  { name: 'bridges', trial: 'ip link add t1 type bridge', plugins: 'bridge and vxlan-overlay', options: 'BRIDGE' },
  { name: 'nftables', trial: 'nft add table inet t2', options: 'NF_TABLES, NF_TABLES_INET' },
  {
    name: 'NAT',
    trial:
      "nft 'add table ip t3; add chain ip t3 c { type nat hook postrouting priority 100; }; add rule ip t3 c masquerade'",
    plugins: 'ports and masquerade',
    options: 'NFT_NAT, NFT_MASQ',
  },
  {
    name: 'VLANs of bridges',
    trial: 'ip link add t4 type bridge vlan_filtering 1',
    plugins: 'the VLAN keys of bridge',
    options: 'BRIDGE_VLAN_FILTERING',
  },
  { name: 'macvlan', trial: 'ip link add t5 link p0 type macvlan', plugins: 'macvlan', options: 'MACVLAN' },
  { name: 'ipvlan', trial: 'ip link add t6 link p0 type ipvlan', plugins: 'ipvlan', options: 'IPVLAN' },
  {
    name: 'VLANs',
    trial: 'ip link add t7 link p0 type vlan id 5',
    plugins: 'vlan, and parents in VLANs',
    options: 'VLAN_8021Q',
  },
  { name: 'VXLAN', trial: 'ip link add t8 type vxlan id 5 dstport 4789', plugins: 'vxlan-overlay', options: 'VXLAN' },
  { name: 'dummy links', trial: 'ip link add t9 type dummy', plugins: 'dummy', options: 'DUMMY' },
  { name: 'VRFs', trial: 'ip link add t10 type vrf table 10', plugins: 'vrf', options: 'NET_VRF' },
  {
    name: 'shaping',
    trial: 'ip link add t11 type ifb && tc qdisc add dev t11 root tbf rate 1mbit burst 10k latency 5ms',
    plugins: 'limits of bandwidth',
    options: 'IFB, NET_SCH_TBF',
  },
  {
    name: 'tap devices',
    trial: 'ip tuntap add t12 mode tap',
    plugins: 'tap',
    options: 'TUN',
  },
]

/** A line of digits: which trials went well. */
const script = `ip link add p0 type veth
${features.map(({ trial }) => `if { ${trial}; } >/dev/null 2>&1; then printf 1; else printf 0; fi`).join('\n')}`

/** Tries everything that plugins may ask of the kernel. */
export async function lookAtKernel(tools: Tools): Promise<readonly Finding[]> {
  const { code, stdout, stderr } = await tools.run(['unshare', '--net', 'sh', '-c', script])
  if (code !== 0 || stdout.length !== features.length) {
    const text = `a network namespace cannot be made: ${stderr.trim() || 'unshare failed'}`
    return [{ severity: 'error', area: 'kernel', text, remedy: 'Run this as root, on a kernel with CONFIG_NET_NS' }]
  }
  return features.map(({ name, plugins, options }, index): Finding => {
    if (stdout[index] === '1') return { severity: 'ok', area: 'kernel', text: name }
    const remedy = `Boot a kernel that has it (CONFIG_${options.replaceAll(', ', ', CONFIG_')}), or install its modules`
    if (!plugins) return { severity: 'error', area: 'kernel', text: `no ${name}: nothing works without`, remedy }
    return { severity: 'warning', area: 'kernel', text: `no ${name}: ${plugins} cannot work`, remedy }
  })
}
