/** Containers whose interfaces are on several networks, and how they route. */
import { bridgeConf, type CallOptions, type Conf, hostLocal, must } from './call.ts'
import type { Host, Sandbox } from './host.ts'

/** An interface of a container, attached by a bridge. */
export interface Wired {
  readonly options: CallOptions
  /** The addresses without their prefix lengths, IPv4 first. */
  readonly addresses: readonly string[]
  // biome-ignore lint/suspicious/noExplicitAny: results differ by protocol version
  readonly result: any
  readonly bridge: Conf
  /** The configuration of a chained plugin behind the bridge. */
  conf(type: string, change?: object): Conf
}

/** A network of both families whose number is in its name, its bridge and its subnets; the first has default routes. */
export function networkOf(number: number): Conf {
  const ipam = hostLocal(`10.${number}.0.0/24`, `fd00:${number}::/64`)
  return bridgeConf({
    name: `net${number}`,
    bridge: `br${number}`,
    ipMasq: false,
    ipam: number === 1 ? ipam : { ...ipam, routes: [] },
  })
}

/** Attaches an interface of a sandbox. */
export async function wire(host: Host, netns: Sandbox, ifName: string, bridge: Conf): Promise<Wired> {
  const options = { netns, ifName }
  const result = await must(host, 'ADD', bridge, options)
  const addresses = result.ips.map(({ address }: { address: string }) => address.split('/')[0])
  const base = { cniVersion: '1.1.0', name: bridge.name, prevResult: result }
  return { options, addresses, result, bridge, conf: (type, change = {}) => ({ ...base, type, ...change }) }
}

/** Routes apart from those that every link has, and rules, a line for each, of one family. */
async function linesOf(sandbox: Sandbox, family: '-4' | '-6'): Promise<string[]> {
  const words = ['ip', '-N', '-o', family]
  const routes = await sandbox.exec([...words, 'route', 'show', 'table', 'all'])
  const rules = await sandbox.exec([...words, 'rule', 'show'])
  const lines = `${routes.stdout}${rules.stdout}`.split('\n').map(line => line.replace(/ linkdown|\\\t/g, ' ').trim())
  return lines.filter(line => line !== '' && !/table 255|^fe80::\/64/.test(line)).map(line => line.replace(/ +/g, ' '))
}

/** How a sandbox routes: all tables but the kernel's own, and the rules. */
export const routing = async (sandbox: Sandbox): Promise<readonly string[]> => [
  ...(await linesOf(sandbox, '-4')),
  ...(await linesOf(sandbox, '-6')),
]

/** The lines of one table, without its name. */
export const tableOf = async (sandbox: Sandbox, table: number): Promise<readonly string[]> =>
  (await routing(sandbox))
    .filter(line => line.includes(` table ${table}`))
    .map(line => line.replace(` table ${table}`, ''))

/** Names of the records of plugins of a type. */
export const recordsOf = async (host: Host, type: string): Promise<string[]> =>
  (await host.sh('ls /var/lib/cni/fairlead/attachments')).split('\n').filter(name => name.includes(`-${type}`))

/** Names and tables of the VRFs of a sandbox. */
export async function vrfs(sandbox: Sandbox): Promise<Readonly<Record<string, number>>> {
  const links = await sandbox.ip('link', 'show', 'type', 'vrf')
  return Object.fromEntries(
    links.flatMap(({ ifname, linkinfo }) => (ifname ? [[ifname, linkinfo.info_data.table] as const] : [])),
  )
}
