/** The state of a whole host as text, so that two of them can be compared. */
import type { Test } from 'tap'
import type { Host } from './host.ts'

/** What an operation can leave behind, by kind; one line to each thing. */
export type State = Readonly<Record<string, readonly string[]>>

interface Link {
  readonly ifname: string
  readonly mtu: number
  readonly flags: readonly string[]
  readonly address?: string
  readonly master?: string
  readonly ifalias?: string
  readonly addr_info?: readonly { readonly local: string; readonly prefixlen: number }[]
}

const mark = '=== '
const parts = {
  links: 'ip -j -d address',
  routes: '(ip -4 route show table all; ip -6 route) | sed "s/ linkdown//; s/ *$//"',
  rules: 'nft list ruleset',
  qdiscs: 'tc qdisc show',
  policies: 'ip xfrm policy list | sed "s/ *$//"',
  files: 'find /var/lib/cni -type f ! -name "last_reserved_ip.*" | sort | while read f; do echo "$f $(cat "$f")"; done',
  sandboxes: `for name in $(ls /run/netns); do
    ip -o -n $name link 2>&1 | cut -d" " -f1-2; ip -o -n $name address | sed "s/ tentative//"
    for family in -4 -6; do
      ip $family -n $name route show table all | grep -v 'table local' | sed "s/ linkdown//; s/ *$//"
      ip $family -n $name rule | grep -v l3mdev
    done
  done 2>&1`,
}
const script = Object.entries(parts)
  .map(([name, command]) => `echo '${mark}${name}'; ${command}`)
  .join('\n')

/** The kernel tells of a carrier up to a second later: what says so is no difference. */
const carrier = new Set(['LOWER_UP', 'NO-CARRIER'])

function linkLine({ ifname, mtu, flags, address, master = '', ifalias = '' }: Link): string {
  const steady = flags.filter(flag => !carrier.has(flag)).sort()
  return [ifname, mtu, steady.join(','), address, master, ifalias].join(' ')
}

const addressLines = ({ ifname, addr_info = [] }: Link): string[] =>
  addr_info.map(({ local, prefixlen }) => `${ifname} ${local}/${prefixlen}`)

/** Links with MTU and flags, addresses, routes, nftables, qdiscs, policies of IPsec, files (`last_reserved_ip.*` apart), and what sandboxes have of those. */
export async function stateOf(host: Host): Promise<State> {
  const sections = (await host.sh(script)).split(mark).slice(1)
  const found = Object.fromEntries(
    sections.map(section => {
      const [name = '', ...lines] = section.trimEnd().split('\n')
      return [name, lines]
    }),
  )
  const links = JSON.parse(found.links?.join('') || '[]') as Link[]
  return { ...found, links: links.map(linkLine), addresses: links.flatMap(addressLines) }
}

const patience = 2_000
const step = 20

/** Asserts that the host comes to a state; the kernel takes links down some milliseconds after it said so. */
export async function settles(t: Test, host: Host, wanted: State, message: string): Promise<boolean> {
  const end = Date.now() + patience
  let now = await stateOf(host)
  while (JSON.stringify(now) !== JSON.stringify(wanted) && Date.now() < end) {
    await new Promise(resolve => setTimeout(resolve, step))
    now = await stateOf(host)
  }
  return t.same(now, wanted, message)
}

const pause = 500

/** Asserts that the host is in a state until a moment, in milliseconds since the epoch. */
export async function stays(t: Test, host: Host, wanted: State, end: number, message: string): Promise<boolean> {
  for (;;) {
    const now = await stateOf(host)
    if (JSON.stringify(now) !== JSON.stringify(wanted) || Date.now() > end) return t.same(now, wanted, message)
    await new Promise(resolve => setTimeout(resolve, pause))
  }
}
