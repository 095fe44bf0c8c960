/** What leads packets in a namespace: routes of every table, rules, and links with a table of their own. */
import { ipIn } from './netns.ts'
import { KernelError, type Netns, type Route } from './resource.ts'
import { token } from './token.ts'
import { faultOf, type Tools } from './tool.ts'

type Family = 4 | 6

/** Numbers of rtnetlink(7). */
export const unicast = 1
export const byKernel = 2
export const byRouter = 9
export const mainTable = 254
export const localTable = 255
/** True for the tables that a namespace has from the start; 253 is the third (ip-route(8)). */
export const isReserved = (table: number): boolean => [253, mainTable, localTable].includes(table)

/** A route as it stands, each way of several by itself. */
export interface RouteState extends Pick<Route, 'dst' | 'via' | 'src' | 'onlink' | 'mtu' | 'advmss'> {
  readonly family: Family
  readonly type: number
  readonly dev: string
  readonly table: number
  readonly protocol: number
  readonly scope: number
  readonly metric: number | undefined
  /** It has several ways that stand and go together, or a gateway of the other family. */
  readonly special?: true
  /** The kernel tells of it together with one before, and of what is sent from of that alone (rt6_fill_node). */
  readonly joined?: true
}

export interface RuleState {
  readonly family: Family
  /** An address, or a network, or `all`. */
  readonly from: string
  readonly table: number
}

/** A link that routes by a table of its own (ip-vrf(8)). */
export interface VrfState {
  readonly name: string
  readonly table: number
}

export interface Routing {
  readonly routes: readonly RouteState[]
  readonly rules: readonly RuleState[]
  readonly vrfs: readonly VrfState[]
  /** Those that the kernel routes. */
  readonly families: readonly Family[]
}

export const noRouting: Routing = { routes: [], rules: [], vrfs: [], families: [] }

interface IpWay {
  gateway?: string
  dev?: string
  flags?: string[]
}

interface IpRoute extends IpWay {
  type?: string
  dst: string
  table?: string
  protocol?: string
  scope?: string
  prefsrc?: string
  metric?: number
  metrics?: { mtu?: number; advmss?: number }[]
  nexthops?: IpWay[]
  via?: object
}

interface IpRule {
  src?: string
  srclen?: number
  table?: string
}

interface IpVrf {
  ifname?: string
  linkinfo?: { info_kind?: string; info_data?: { table?: number } }
}

const everything = { 4: '0.0.0.0/0', 6: '::/0' } as const

function destination(dst: string, family: Family): string {
  if (dst === 'default') return everything[family]
  return dst.includes('/') ? dst : `${dst}/${family === 6 ? 128 : 32}`
}

function routeStates(route: IpRoute, family: Family): RouteState[] {
  const { mtu, advmss } = route.metrics?.[0] ?? {}
  const joined = (index: number) => family === 6 && index > 0
  const special = family === 4 && (route.nexthops ?? route.via) !== undefined
  return (route.nexthops ?? [route]).map(({ gateway, dev = '', flags }, index) => ({
    family,
    type: Number(route.type ?? unicast),
    dst: destination(route.dst, family),
    dev,
    table: Number(route.table ?? mainTable),
    protocol: Number(route.protocol ?? 0),
    scope: Number(route.scope ?? 0),
    metric: route.metric,
    ...(gateway === undefined ? {} : { via: gateway }),
    ...(route.prefsrc === undefined || joined(index) ? {} : { src: route.prefsrc }),
    ...(joined(index) ? { joined: true } : {}),
    ...(flags?.includes('onlink') ? { onlink: true } : {}),
    ...(mtu === undefined ? {} : { mtu }),
    ...(advmss === undefined ? {} : { advmss }),
    ...(special ? { special } : {}),
  }))
}

const ruleState = ({ src = 'all', srclen, table }: IpRule, family: Family): RuleState => ({
  family,
  from: srclen === undefined ? src : `${src}/${srclen}`,
  table: Number(table ?? 0),
})

function vrfState({ ifname, linkinfo }: IpVrf): VrfState[] {
  const table = linkinfo?.info_kind === 'vrf' ? linkinfo.info_data?.table : undefined
  return ifname === undefined || table === undefined ? [] : [{ name: ifname, table }]
}

/** Asks one family in one process. What a namespace that is gone would answer is nothing. */
async function ask(tools: Tools, netns: Netns, family: Family, questions: readonly string[]): Promise<unknown[][]> {
  const ip = netns === null ? (['ip'] as const) : await ipIn(tools.host, netns)
  // By number: names are what a file of the host says.
  const argv = [...ip, '-N', '-j', '-d', `-${family}`, '-batch', '-'] as const
  const output = await tools.run(argv, questions.map(question => `${question}\n`).join(''))
  const fault = faultOf(output.stderr)
  if (output.code !== 0 && fault !== 'absent') {
    throw new KernelError(`cannot look at the routes${netns ? ` in ${netns}` : ''}: ${output.stderr.trim()}`, fault)
  }
  const answers = output.stdout.split('\n').filter(line => line.startsWith('['))
  return questions.map((_, index) => JSON.parse(answers[index] ?? '[]') as unknown[])
}

/** Routes of every table; of one destination, if it is named. Throws KernelError where the kernel cannot be asked. */
export async function routesIn(
  tools: Tools,
  netns: Netns,
  family: Family,
  dst?: string,
): Promise<readonly RouteState[]> {
  const only = dst === undefined ? '' : ` to exact ${token(dst)}`
  const [routes = []] = await ask(tools, netns, family, [`route show table all${only}`])
  return (routes as IpRoute[]).flatMap(route => routeStates(route, family))
}

/** Rules. Throws KernelError where the kernel cannot be asked. */
export async function rulesIn(tools: Tools, netns: Netns, family: Family): Promise<readonly RuleState[]> {
  const [rules = []] = await ask(tools, netns, family, ['rule show'])
  return (rules as IpRule[]).map(rule => ruleState(rule, family))
}

/** All of it, in one process for each family. Throws KernelError where the kernel cannot be asked. */
export async function routingIn(tools: Tools, netns: Netns): Promise<Routing> {
  const v6 = (await tools.host.files.stat('/proc/sys/net/ipv6')) !== undefined
  const families: readonly Family[] = v6 ? [4, 6] : [4]
  const questions = ['route show table all', 'rule show', 'link show type vrf']
  const answers = await Promise.all(
    families.map(async family => [family, await ask(tools, netns, family, questions)] as const),
  )
  return {
    families,
    routes: answers.flatMap(([family, [routes]]) => (routes as IpRoute[]).flatMap(each => routeStates(each, family))),
    rules: answers.flatMap(([family, [, rules]]) => (rules as IpRule[]).map(each => ruleState(each, family))),
    // Links are of no family.
    vrfs: answers.slice(0, 1).flatMap(([, [, , links]]) => (links as IpVrf[]).flatMap(vrfState)),
  }
}

/** The lowest ids of tables, from the first on, that nothing leads to and nothing stands in. */
export function freeTables({ routes, rules, vrfs }: Routing, first: number, count: number): readonly number[] {
  const used = new Set([...routes, ...rules, ...vrfs].map(({ table }) => table))
  const free: number[] = []
  for (let table = first; free.length < count; table++) if (!used.has(table) && !isReserved(table)) free.push(table)
  return free
}
