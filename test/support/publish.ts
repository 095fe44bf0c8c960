/** Networks that publish ports, in the two ways there are: by a chained portmap, and by the bridge itself. */
import { type Answer, bridgeConf, type Conf, call, hostLocal, must } from './call.ts'
import type { Host, Sandbox } from './host.ts'

export type Mapping = Readonly<Record<string, unknown>>
type Keys = Readonly<Record<string, unknown>>

/** A port that leads to the same one of the container, unless changed. */
export const mapping = (hostPort: number, containerPort = hostPort, change: Mapping = {}): Mapping => ({
  hostPort,
  containerPort,
  protocol: 'tcp',
  ...change,
})

/** `count` ports in a row, from `first` on, that lead `shift` ports further. */
export const row = (first: number, count: number, shift = 0, change: Mapping = {}): Mapping[] =>
  Array.from({ length: count }, (_, n) => mapping(first + n, first + n + shift, change))

export type Way = 'chained' | 'single'
export const ways: readonly Way[] = ['chained', 'single']

export interface Publication {
  readonly way: Way
  /** Name of the network; its bridge and subnets follow from it. */
  readonly network?: string
  /** Keys of portmap. */
  readonly keys?: Keys
  /** Keys of the bridge. */
  readonly bridge?: Keys
}

const networks: Readonly<Record<string, readonly [v4: string, v6: string]>> = {
  net1: ['10.88.0.0/16', 'fd00:88::/64'],
  net2: ['10.99.0.0/16', 'fd00:99::/64'],
  net3: ['10.77.0.0/16', 'fd00:77::/64'],
}

const runtime = (mappings: unknown) => (mappings === undefined ? {} : { runtimeConfig: { portMappings: mappings } })

/** The configurations of the plugins, in order. */
export function confsOf(
  { way, network = 'net1', keys = {}, bridge = {} }: Publication,
  mappings: unknown,
): readonly Conf[] {
  const name = { name: network, bridge: `br-${network}`, ipam: hostLocal(...(networks[network] ?? [])) }
  if (way === 'single') return [bridgeConf({ ...name, ...keys, ...bridge, ...runtime(mappings) })]
  const chained = { cniVersion: '1.1.0', name: network, type: 'portmap', ...keys, ...runtime(mappings) }
  return [bridgeConf({ ...name, hairpinMode: true, ...bridge }), chained]
}

/** What DEL and CHECK need of an ADD. */
export interface Published {
  readonly publication: Publication
  readonly sandbox: Sandbox
  readonly mappings: unknown
  readonly ifName: string
  // biome-ignore lint/suspicious/noExplicitAny: a result as the plugin prints it
  readonly result: any
  readonly v4: string
  readonly v6: string
  /** The host end of its veth pair. */
  readonly hostEnd: string
}

/** ADD of all plugins; the last answer, or the first failure. A chain that fails is not undone. */
export async function tryPublish(
  host: Host,
  publication: Publication,
  sandbox: Sandbox,
  mappings: unknown,
  ifName = 'eth0',
): Promise<Answer> {
  let answer: Answer | undefined
  for (const conf of confsOf(publication, mappings)) {
    const given = answer ? { ...conf, prevResult: answer.result } : conf
    answer = await call(host, 'ADD', given, { netns: sandbox, ifName })
    if (answer.code !== 0) return answer
  }
  return answer as Answer
}

const bare = (address: string): string => address.split('/')[0] ?? ''

/** ADD of all plugins. */
export async function publish(
  host: Host,
  publication: Publication,
  sandbox: Sandbox,
  mappings: unknown,
  ifName = 'eth0',
): Promise<Published> {
  const { code, result, stdout } = await tryPublish(host, publication, sandbox, mappings, ifName)
  if (code !== 0) throw new Error(`ADD for ${sandbox.name}: ${stdout}`)
  const addresses: string[] = result.ips.map(({ address }: { address: string }) => bare(address))
  const v4 = addresses.find(each => !each.includes(':')) ?? ''
  const v6 = addresses.find(each => each.includes(':')) ?? ''
  return { publication, sandbox, mappings, ifName, result, v4, v6, hostEnd: result.interfaces[1].name }
}

/** DEL of all plugins, last first. */
export async function unpublish(
  host: Host,
  { publication, sandbox, mappings, ifName, result }: Published,
): Promise<void> {
  for (const conf of confsOf(publication, mappings).toReversed()) {
    await must(host, 'DEL', { ...conf, prevResult: result }, { netns: sandbox, ifName })
  }
}

/** CHECK of all plugins; the first failure. */
export async function checkPublished(
  host: Host,
  { publication, sandbox, mappings, ifName, result }: Published,
): Promise<Answer> {
  let answer: Answer = { code: 0, stdout: '', stderr: '' }
  for (const conf of confsOf(publication, mappings)) {
    answer = await call(host, 'CHECK', { ...conf, prevResult: result }, { netns: sandbox, ifName })
    if (answer.code !== 0) break
  }
  return answer
}

/** Whether what crosses a bridge meets the hooks of the IP layer, as container hosts often set it. */
export const filterBridges = (host: Host, on: boolean): Promise<string> =>
  host.sh(`cd /proc/sys/net/bridge 2>/dev/null || exit 0
for each in bridge-nf-call-iptables bridge-nf-call-ip6tables; do echo ${on ? 1 : 0} > $each; done`)

/** Elements of the maps of published ports, as nft lists them. */
export async function portElements(host: Host): Promise<string[]> {
  const { stdout } = await host.exec(['nft', 'list', 'table', 'inet', 'fairlead'])
  const maps = [...stdout.matchAll(/map ((?:port|range)\S+) \{[^}]*?elements = \{([^}]*)\}/g)]
  return maps.flatMap(([, name, elements = '']) =>
    elements
      .split(/,\s*(?=[^"]*(?:"[^"]*"[^"]*)*$)/)
      .map(each => `${name} ${each.trim().replace(/ comment "[^"]*"/, '')}`),
  )
}

/** Every element of our tables, without the sets that they are in. */
export async function elements(host: Host): Promise<string[]> {
  return [...(await host.ruleset()).matchAll(/elements = \{([^}]*)\}/g)].map(([, each = '']) => each.trim())
}
