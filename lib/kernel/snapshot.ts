/** What the kernel says now of the links that somebody asked for, by name. */
import { type GivenAddress, givenWords, type IpAddress } from './given-address.ts'
import { KernelError, type Netns } from './resource.ts'
import { token } from './token.ts'
import { faultOf, type Tools } from './tool.ts'

export interface AddressState extends GivenAddress {
  readonly family: 4 | 6
  readonly scope: string
  readonly tentative: boolean
  readonly duplicate: boolean
  /** It was learned, or expires. */
  readonly dynamic: boolean
}

export interface LinkState {
  readonly name: string
  readonly index: number
  /** Kind of rtnetlink (`bridge`, `veth`, …); empty for hardware. */
  readonly type: string
  readonly loopback: boolean
  readonly ethernet: boolean
  readonly mac: string
  /** The MAC that hardware has from its maker, whatever it is set to; of other links, `mac`. */
  readonly permaddr: string
  readonly mtu: number
  readonly up: boolean
  readonly promisc: boolean
  readonly allmulti: boolean
  readonly txqlen: number
  readonly alias: string
  readonly master: string
  /** The number or name of its group. */
  readonly group: string
  /** The link that it is on, of the same namespace; else empty. */
  readonly parent: string
  /** What its type has, by the words of ip-link(8). */
  readonly options: Readonly<Record<string, unknown>>
  readonly port:
    | {
        readonly state: string
        readonly hairpin: boolean
        readonly isolated: boolean
        /** All that it has, by the words of ip-link(8). */
        readonly options: Readonly<Record<string, unknown>>
      }
    | undefined
  readonly addresses: readonly AddressState[]
}

/** Links by name; one that does not exist is absent. */
export type Snapshot = ReadonlyMap<string, LinkState>

interface IpLink {
  ifname?: string
  link_type?: string
  ifindex?: number
  address?: string
  permaddr?: string
  mtu: number
  txqlen?: number
  flags: string[]
  ifalias?: string
  master?: string
  group?: string
  link?: string | null
  linkinfo?: {
    info_data?: Record<string, unknown>
    info_kind?: string
    info_slave_data?: { state?: string; hairpin?: boolean; isolated?: boolean; [name: string]: unknown }
  }
  addr_info?: IpAddress[]
}

const addressState = (address: IpAddress, dev: string): AddressState => ({
  cidr: `${address.local}/${address.prefixlen}`,
  words: givenWords(address, dev),
  family: address.family === 'inet' ? 4 : 6,
  scope: address.scope,
  tentative: address.tentative ?? false,
  duplicate: address.dadfailed ?? false,
  dynamic: address.dynamic ?? false,
})

function linkState(name: string, link: IpLink): LinkState {
  const slave = link.linkinfo?.info_slave_data
  return {
    name,
    index: link.ifindex ?? 0,
    type: link.linkinfo?.info_kind ?? '',
    loopback: link.flags.includes('LOOPBACK'),
    ethernet: link.link_type === 'ether',
    mac: link.address ?? '',
    permaddr: link.permaddr ?? link.address ?? '',
    mtu: link.mtu,
    up: link.flags.includes('UP'),
    promisc: link.flags.includes('PROMISC'),
    allmulti: link.flags.includes('ALLMULTI'),
    txqlen: link.txqlen ?? 0,
    alias: link.ifalias ?? '',
    master: link.master ?? '',
    group: link.group ?? '',
    parent: link.link ?? '',
    options: link.linkinfo?.info_data ?? {},
    port: slave && {
      state: slave.state ?? '',
      hairpin: slave.hairpin ?? false,
      isolated: slave.isolated ?? false,
      options: slave,
    },
    addresses: (link.addr_info ?? []).map(address => addressState(address, name)),
  }
}

/**
 * The links of a sandbox are few, and asked for all at once: for one of them that is not there, a kernel with modules
 * would start modprobe twice. A host may have thousands, and has those that are asked for.
 */
const questionsFor = (netns: Netns, names: readonly string[]): readonly string[] =>
  netns === null && names.length > 0 ? names.map(name => `address show dev ${token(name)}`) : ['address show']

async function look(tools: Tools, netns: Netns, names: readonly string[]): Promise<Snapshot> {
  const { documents, complaints } = await tools.ip(netns, questionsFor(netns, names))
  const failed = complaints.find(({ text }) => faultOf(text) !== 'absent')
  if (failed) {
    const what = names.join(', ') || 'the links'
    const fault = faultOf(failed.text)
    const why = fault === 'foreign' ? `${netns} is no network namespace` : failed.text
    throw new KernelError(`cannot look at ${what}: ${why}`, fault)
  }
  const links = documents as IpLink[]
  return new Map(links.flatMap(link => (link.ifname ? [[link.ifname, linkState(link.ifname, link)] as const] : [])))
}

/**
 * Reads the links of these names. A namespace that is gone has no links.
 *
 * @throws KernelError where `ip` cannot run or may not look
 */
export async function snapshot(tools: Tools, netns: Netns, names: readonly string[]): Promise<Snapshot> {
  if (names.length === 0) return new Map()
  const wanted = new Set(names)
  return new Map([...(await look(tools, netns, [...wanted]))].filter(([name]) => netns === null || wanted.has(name)))
}

/** Reads all links: for who knows no name. It takes long where there are many. Throws as `snapshot` does. */
export const allLinks = (tools: Tools, netns: Netns): Promise<Snapshot> => look(tools, netns, [])
