/** Links of a fake host for what is on them. */
import { shimName } from '../../lib/cnm/shim.ts'
import type { FakeKernelOptions, FakeLink } from './kernel.ts'

const base = {
  ifname: 'up0',
  link_type: 'ether',
  address: '02:00:00:00:00:99',
  mtu: 1500,
  flags: ['UP', 'LOWER_UP'],
} as const

const address = (family: string, local: string, prefixlen: number) => ({ family, local, prefixlen, scope: 'global' })

/** The sysctls of the host's own link on a parent, once that is there. */
export const settingsOn = (type: 'macvlan' | 'ipvlan', parent: string): Readonly<Record<string, string>> => ({
  [`/proc/sys/net/ipv4/conf/${shimName(type, parent)}/arp_filter`]: '0',
  [`/proc/sys/net/ipv6/conf/${shimName(type, parent)}/accept_ra`]: '1',
})

/** The uplink, with addresses. */
export const uplink: FakeKernelOptions & { readonly links: readonly FakeLink[] } = {
  files: { ...settingsOn('macvlan', 'up0'), ...settingsOn('ipvlan', 'up0') },
  links: [{ ...base, addr_info: [address('inet', '192.0.2.1', 24), address('inet6', '2001:db8::1', 64)] }],
}

/** The uplink, which other links are on. */
export const trunk: { readonly links: readonly FakeLink[] } = { links: [{ ...base, addr_info: [] }] }

/** A link that carries a VLAN of the uplink. */
export const subInterface = (ifname: string, id: number, group: string): FakeLink => ({
  ...base,
  ifname,
  group,
  link: 'up0',
  linkinfo: { info_kind: 'vlan', info_data: { protocol: '802.1Q', id } },
  addr_info: [],
})
