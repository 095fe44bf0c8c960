/** The one list of plugins. Each is loaded when it is called, and no other. */
import type { Journal } from '../lib/cni/log.ts'
import type { Operations, Plugin } from '../lib/cni/serve.ts'
import type { Catalogue } from '../lib/cnm/ports.ts'
import type { Host } from '../lib/host/host.ts'

type Main = { operations(host: Host, notes: Journal, catalogue: Catalogue): Promise<Operations> }

const mains: Readonly<Record<string, () => Promise<Main>>> = {
  bandwidth: () => import('./bandwidth/main.ts'),
  bridge: () => import('./bridge/main.ts'),
  dhcp: () => import('./dhcp/main.ts'),
  dummy: () => import('./dummy/main.ts'),
  firewall: () => import('./firewall/main.ts'),
  'host-device': () => import('./host-device/main.ts'),
  'host-local': () => import('./host-local/main.ts'),
  ipvlan: () => import('./ipvlan/main.ts'),
  loopback: () => import('./loopback/main.ts'),
  macvlan: () => import('./macvlan/main.ts'),
  portmap: () => import('./portmap/main.ts'),
  ptp: () => import('./ptp/main.ts'),
  sbr: () => import('./sbr/main.ts'),
  static: () => import('./static/main.ts'),
  tap: () => import('./tap/main.ts'),
  tuning: () => import('./tuning/main.ts'),
  vlan: () => import('./vlan/main.ts'),
  vrf: () => import('./vrf/main.ts'),
  'vxlan-overlay': () => import('./vxlan-overlay/main.ts'),
}

/** The drivers that serve within other plugins. */
export const catalogue: Catalogue = {
  ipam: {
    dhcp: async () => (await import('./dhcp/driver.ts')).dhcp,
    'host-local': async () => (await import('./host-local/driver.ts')).hostLocal,
    static: async () => (await import('./static/driver.ts')).staticIpam,
  },
  chained: {
    bandwidth: async () => (await import('./bandwidth/driver.ts')).bandwidth,
    sysctl: async () => (await import('./tuning/feature.ts')).sysctls,
    firewall: async () => (await import('./firewall/driver.ts')).firewall,
    portmap: async request => (await import('./portmap/backend.ts')).portmapFor(request),
  },
}

/** Names of all plugins. */
export const names: readonly string[] = Object.keys(mains)

/** Kinds of plugins, by the code that they have in common. */
export const kinds = ['bridge', 'overlay', 'chained', 'others'] as const

/** The kind of the plugin of a name. */
export function kindOf(name: string): (typeof kinds)[number] {
  if (name === 'bridge') return name
  if (name === 'vxlan-overlay') return 'overlay'
  return ['bandwidth', 'firewall', 'portmap', 'sbr', 'tuning', 'vrf'].includes(name) ? 'chained' : 'others'
}

/**
 * Whether a plugin runs on the small engine of the native executable, which has no sockets: that of DHCP talks to its daemon
 * by one.
 */
export const runsNatively = (name: string): boolean => name !== 'dhcp'

/** The plugin of a name. */
export function pluginOf(name: string): Plugin | undefined {
  const main = Object.hasOwn(mains, name) ? mains[name] : undefined
  return main && { name, load: async (host, notes) => (await main()).operations(host, notes, catalogue) }
}
