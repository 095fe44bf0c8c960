/** The nouns of Docker's container network model, and the one thing that every kind of network brings: a driver. */

import type { Decoded } from '../cni/decode.ts'
import type { Request } from '../cni/request.ts'
import type { Ip, Result } from '../cni/result.ts'
import type { Device, DeviceNames } from '../kernel/device.ts'
import type { HostFirewall } from '../kernel/host-firewall.ts'
import type { Description, PortClaim, Resource } from '../kernel/resource.ts'
import type { Routing } from '../kernel/routing.ts'
import type { LinkState, Snapshot } from '../kernel/snapshot.ts'

/** A sandbox's place in a network. */
export interface Endpoint {
  /** Name of its record: its identity on this host. */
  readonly id: string
  readonly containerId: string
  readonly ifName: string
  /** Path of the sandbox's network namespace. */
  readonly netns: string
  readonly hostEnd: string
  readonly hostMac: string
  readonly mac: string
}

/** What a driver may know of the host: only what it asked for. */
export interface Facts {
  /** Of the host, or of the sandbox for a driver that makes its links there. */
  readonly links: Snapshot
  /** The device of the default route there; undefined without one. */
  readonly uplink: LinkState | undefined
  /** False where the kernel was started without IPv6. */
  readonly ipv6: boolean
  /** Ports that are not of our making, of a bridge that `asksPorts` names. */
  readonly strangers: readonly string[]
  /** A random MAC for a shared link that has to be made. */
  readonly freshMac: string
  /** Addresses on shared links that we put there, as `link address/prefix`. */
  readonly ours: ReadonlySet<string>
  /** What the driver asked for by `reads`. */
  readonly sysctls: Texts
  readonly files: Texts
  /** Other people's; none unless the driver asks. */
  readonly firewall: HostFirewall
  /** The one that the driver looks for. */
  readonly device?: Device
}

/** What an ADD could not do without: programs, and features of the kernel. */
export interface Needs {
  readonly tools: readonly string[]
  readonly modules: readonly string[]
  /** What is part of a module in some kernels only: its option without `CONFIG_`, and what it is. */
  readonly kernel?: Readonly<Record<string, string>>
}

/** A kind of network. Pure: it says what should be and runs nothing. */
export interface Driver<Options> {
  readonly type: string
  /** Its networks are this host's alone: who has the same IPv4 address may have the same MAC. */
  readonly macsByAddress?: true
  /** @throws CniError 2, 4, 7 */
  options(request: Request): Decoded<Options>
  /** The MAC that the configuration or the runtime wants, or that has to follow from the addresses. */
  mac(options: Options, leased: Result): string | undefined
  /** Whether the links that it builds on are in the sandbox already, and not the host's. */
  inSandbox?(options: Options): boolean
  /** Names of the links to look at; `uplink` is that of the default route's device, empty without one. */
  asks(options: Options, uplink: string): readonly string[]
  /** A bridge, of the links that stand, that may have to change for all who are on it: that costs a process. */
  asksPorts?(options: Options, links: Snapshot): string | undefined
  /** Files, and sysctls of the sandbox as it is before the links are made; `uplink` as for `asks`. */
  reads?(options: Options, uplink: string): Pick<Asks, 'sysctls' | 'files'>
  /** A device of the host to look for. */
  device?(options: Options): DeviceNames
  /** Whether to look at the host's firewalls too: that costs a process. */
  asksFirewall?(options: Options): boolean
  needs(options: Options): Needs
  /**
   * For STATUS: whether the host's links leave room for what it would make, and the modules that it needs by them.
   *
   * @throws CniError 7 where not
   */
  ready?(options: Options, seen: Pick<Facts, 'links' | 'uplink' | 'device'>): readonly string[]
  /** The links of an endpoint, and what does not depend on its addresses. */
  links(options: Options, endpoint: Endpoint, facts: Facts): Description
  /** Addresses, routes and whatever follows from them; without IPAM, `leased` is empty. */
  addressing(options: Options, endpoint: Endpoint, facts: Facts, leased: Result): Description
  /** What ADD answers. */
  result(options: Options, endpoint: Endpoint, facts: Facts, leased: Result): Result
}

/** A link on the host that leads to a sandbox. */
export interface HostEnd {
  readonly name: string
  readonly mac: string
}

/** An attachment as the plugins before have made it: what a chained plugin acts upon. */
export interface Attached {
  /** Name of the record of what this plugin adds to it. */
  readonly id: string
  readonly network: string
  readonly containerId: string
  readonly ifName: string
  /** Path of the sandbox's network namespace. */
  readonly netns: string
  readonly previous: Result
  /** The addresses of our interface in it. */
  readonly ips: readonly Ip[]
  /** Absent where no link of the host leads to the sandbox, or none is told. */
  readonly hostEnd: HostEnd | undefined
  /** The bridge that the host end is a port of. */
  readonly bridge: string | undefined
  /** The link by which the host routes to it, where that is not the bridge itself; and its port there, if that is known. */
  readonly gateway?: { readonly name: string; readonly port?: string }
}

/** What a driver wants to know before it describes. */
export interface Asks {
  /** Names of links. */
  readonly host: readonly string[]
  readonly sandbox: readonly string[]
  /** Sysctls of the sandbox: below /proc/sys, with slashes. */
  readonly sysctls?: readonly string[]
  /** Paths of files of the host. */
  readonly files?: readonly string[]
  /** Routes, rules and tables of the sandbox. */
  readonly routing?: true
  /** What the plugins before have made for the same attachment. */
  readonly made?: boolean
}

/** Values and texts by key and path; what is not there is absent. */
export type Texts = ReadonlyMap<string, string>

/** What a chained plugin may know of host and sandbox: only what it asked for. */
export interface Seen {
  readonly host: Snapshot
  readonly sandbox: Snapshot
  readonly sysctls?: Texts
  readonly files?: Texts
  readonly routing?: Routing
  readonly made?: readonly Resource[]
  /** Other people's; none unless the driver asks. */
  readonly firewall: HostFirewall
}

/** A chained plugin: something that is added to whatever kind of network. Pure, as a Driver is. */
export interface ChainedDriver<Options> {
  readonly type: string
  /** A list may have it several times, each with a configuration of its own. */
  readonly repeats?: true
  /** A second entry with a configuration of its own is refused: it would undo the first. */
  readonly once?: true
  /** It picks what is free in the sandbox: one does so there at a time, and only the record tells what it was. */
  readonly picks?: true
  /** @throws CniError 2, 4, 7 */
  options(request: Request): Decoded<Options>
  /** False: there is nothing to do, and the result passes through. */
  acts(options: Options): boolean
  needs(options: Options): Needs
  /** True where an attachment has to reach itself from outside, so that its bridge port must reflect. */
  hairpin?(options: Options): boolean
  /** Whether to look at the host's firewalls before `describe`. */
  asksFirewall?(options: Options): boolean
  /** What to look at before `describe`. */
  asks(options: Options, attached: Attached): Asks
  /** @throws CniError 7 where the attachment is none that this can be added to */
  describe(options: Options, attached: Attached, seen: Seen): Description
  /** The ports of the host that it publishes. */
  claims?(options: Options, attached: Attached): readonly PortClaim[]
  /** What ADD answers. */
  result(options: Options, attached: Attached, seen: Seen): Result
  /** Files that the reference plugin of this name keeps of an attachment: they go once `inherited` is undone. */
  keeps?(request: Request): readonly string[]
  /** What the reference plugin would have left of an attachment that it added; `files` are those of `keeps`. */
  inherited?(request: Request, files: Texts): Promise<readonly Resource[]>
}
