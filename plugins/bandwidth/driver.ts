/**
 * bandwidth: limits for what a container sends and receives. Pure: it says what should be.
 *
 * A token bucket works only on what a link sends. Towards the container that is the host end itself; what comes from it
 * is led through a link of its own first (ifb), as is anything that a limit is only for a part of.
 */
import { CniError, code } from '../../lib/cni/error.ts'
import type { Result } from '../../lib/cni/result.ts'
import type { Attached, ChainedDriver, HostEnd, Needs, Seen } from '../../lib/cnm/model.ts'
import { aliasOf, macOf } from '../../lib/cnm/names.ts'
import type { Description, Qdisc, Resource } from '../../lib/kernel/resource.ts'
import { filtersTo } from './filters.ts'
import { detourName } from './names.ts'
import { type Limit, mostBytes, type Options, readOptions } from './options.ts'

/** Ethernet's header and a VLAN tag. */
const header = 18

/**
 * The bucket, and the bytes that may wait before it. A burst of the user's gets the queue that the reference gives it:
 * 25 ms more than the burst. Ours gets no more than the burst: with 12.5 ms more, one TCP connection of five loses so
 * much when its first window overflows that it stands still for a quarter of the first second (8 to 20 Mbit/s).
 */
function bucket({ rate, burst }: Limit, dev: string, mtu: number): Qdisc {
  const base = { kind: 'qdisc', lifetime: 'own', netns: null, dev, type: 'tbf', rate } as const
  const most = (bytes: number) => Math.min(Math.floor(bytes), mostBytes)
  // A packet that does not fit into the bucket would never leave.
  if (burst !== undefined && burst >= mtu + header) return { ...base, burst, limit: most(rate / 40 + burst) }
  const own = most(Math.max(rate / 20, 10 * mtu))
  return { ...base, burst: own, limit: own }
}

interface Detour extends HostEnd {
  readonly limit: Limit
  readonly direction: 'ingress' | 'egress'
}

/** The links that packets are led through. */
function detours({ ingress, egress, peers }: Options, attached: Attached): readonly Detour[] {
  const detour = (direction: Detour['direction'], limit: Limit | undefined): Detour[] => {
    const name = detourName(attached, direction)
    return limit ? [{ name, mac: macOf(attached.id, name), limit, direction }] : []
  }
  return [...detour('egress', egress), ...(peers === 'all' ? [] : detour('ingress', ingress))]
}

function detourResources({ name, mac, limit }: Detour, attached: Attached, mtu: number): readonly Resource[] {
  const shared = { lifetime: 'own', netns: null } as const
  const alias = aliasOf(attached.id)
  return [
    { ...shared, kind: 'link', name, type: 'ifb', mac, mtu, alias, up: true },
    // It has no use for an address, and the kernel would send to make one known.
    { ...shared, kind: 'setting', key: `net/ipv6/conf/${name}/disable_ipv6`, value: '1', wish: true },
    bucket(limit, name, mtu),
  ]
}

/** Packets on their way from the container enter the host at the host end; those towards it leave there. */
function hooks(options: Options, ways: readonly Detour[], dev: string): Qdisc {
  const filters = (direction: Detour['direction'], field: 'source' | 'destination') =>
    ways.flatMap(way => (way.direction === direction ? filtersTo(way.name, options, field) : []))
  const base = { kind: 'qdisc', lifetime: 'own', netns: null, dev, type: 'clsact' } as const
  return { ...base, ingress: filters('egress', 'destination'), egress: filters('ingress', 'source') }
}

/** The host end, and the size of its packets. */
function linkOf({ hostEnd, ifName }: Attached, { host }: Seen): { readonly name: string; readonly mtu: number } {
  const refuse = (why: string) => {
    const msg = `Cannot limit the bandwidth of ${ifName}: ${why}. Put bandwidth behind a plugin that makes a veth pair`
    return new CniError(code.config, msg)
  }
  if (!hostEnd) throw refuse('prevResult names no link of the host that leads to the container')
  const link = host.get(hostEnd.name)
  if (!link) throw refuse(`${hostEnd.name}, which prevResult names, does not exist`)
  if (link.type !== 'veth') throw refuse(`${hostEnd.name} is ${link.type || 'a physical device'} and no veth`)
  return link
}

function describe(options: Options, attached: Attached, seen: Seen): Description {
  const { name, mtu } = linkOf(attached, seen)
  const { ingress, peers } = options
  const ways = detours(options, attached)
  const resources = [
    ...ways.flatMap(way => detourResources(way, attached, mtu)),
    ...(ingress && peers === 'all' ? [bucket(ingress, name, mtu)] : []),
    // Last, when what it leads to works; and first to go.
    ...(ways.length > 0 ? [hooks(options, ways, name)] : []),
  ]
  return { resources, effects: [] }
}

const result = (options: Options, attached: Attached): Result => ({
  ...attached.previous,
  interfaces: [...attached.previous.interfaces, ...detours(options, attached).map(({ name, mac }) => ({ name, mac }))],
})

function needs({ egress, peers }: Options): Needs {
  const detour = egress || peers !== 'all'
  return {
    tools: ['ip', 'tc'],
    modules: ['sch_tbf', ...(detour ? ['ifb', 'sch_ingress', 'cls_u32', 'act_mirred'] : [])],
  }
}

/** The driver. */
export const bandwidth: ChainedDriver<Options> = {
  type: 'bandwidth',
  once: true,
  options: readOptions,
  acts: ({ ingress, egress }) => ingress !== undefined || egress !== undefined,
  needs,
  asks: (_options, { hostEnd }) => ({ host: hostEnd ? [hostEnd.name] : [], sandbox: [] }),
  describe,
  result,
  inherited: async request => (await import('./inherited.ts')).inherited(request),
}
