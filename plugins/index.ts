/** The one list of plugins. Each is loaded when it is called, and no other. */
import type { Journal } from '../lib/cni/log.ts'
import type { Operations, Plugin } from '../lib/cni/serve.ts'
import type { IpamCatalogue } from '../lib/cnm/ports.ts'
import type { Host } from '../lib/host/host.ts'

type Main = { operations(host: Host, notes: Journal, catalogue: IpamCatalogue): Promise<Operations> }

const mains: Readonly<Record<string, () => Promise<Main>>> = {
  bridge: () => import('./bridge/main.ts'),
  'host-local': () => import('./host-local/main.ts'),
  loopback: () => import('./loopback/main.ts'),
  static: () => import('./static/main.ts'),
  tuning: () => import('./tuning/main.ts'),
}

const catalogue: IpamCatalogue = {
  'host-local': async () => (await import('./host-local/driver.ts')).hostLocal,
  static: async () => (await import('./static/driver.ts')).staticIpam,
}

/** Names of all plugins. */
export const names: readonly string[] = Object.keys(mains)

/** The plugin of a name. */
export function pluginOf(name: string): Plugin | undefined {
  const main = Object.hasOwn(mains, name) ? mains[name] : undefined
  return main && { name, load: async (host, notes) => (await main()).operations(host, notes, catalogue) }
}
