/** What the kernel should know of other hosts of a tunnel, and what it does know. */
import { digest } from '../host/digest.ts'
import { type FdbEntry, fdbOf } from './fdb.ts'
import { KernelError, type Remote, type Remotes, type Row, type Run } from './resource.ts'
import { token } from './token.ts'
import { faultOf, type Tools } from './tool.ts'

/** Who made a neighbour or a route, by rtnetlink(7): no other program uses this number. */
export const protocol = '117'

/** What stands, or should. */
export interface Forwarding {
  /** From a MAC to the host that has it. */
  readonly fdb: ReadonlyMap<string, string>
  /** From an address to its MAC. */
  readonly neighbours: ReadonlyMap<string, string>
  /** From a destination to its gateway. */
  readonly routes: ReadonlyMap<string, Remote['routes'][number]>
}

const hex = (number: number, digits: number): string => number.toString(16).padStart(digits, '0')
const part = (run: Run | undefined, index: number, write: (number: number) => string): string | undefined =>
  run && run[0] + write(run[1] + index)

/** The addresses of a row with their MAC. */
function* endpointsOf({ count, mac, v4, v6 }: Row): Generator<{ mac: string; addresses: readonly string[] }> {
  for (let index = 0; index < count; index++) {
    const addresses = [part(v4, index, String), part(v6, index, number => hex(number, 1))]
    yield {
      mac: part(mac, index, number => hex(number, 2)) ?? '',
      addresses: addresses.filter(address => address !== undefined),
    }
  }
}

/** What should stand. */
export function wantedOf({ remotes }: Remotes): Forwarding {
  const fdb = new Map<string, string>()
  const neighbours = new Map<string, string>()
  const routes = new Map<string, Remote['routes'][number]>()
  for (const { vtep, rows, mac: end, routes: ways } of remotes) {
    if (end !== undefined) fdb.set(end, vtep)
    for (const route of ways) {
      routes.set(route.dst, route)
      if (end !== undefined) neighbours.set(route.via, end)
    }
    for (const { mac, addresses } of rows.flatMap(row => [...endpointsOf(row)])) {
      fdb.set(mac, vtep)
      for (const address of addresses) neighbours.set(address, mac)
    }
  }
  return { fdb, neighbours, routes }
}

/** The alias of a device that has been told all of it. */
export const toldAlias = (remotes: Remotes): string => `fairlead:remotes:${digest(16, JSON.stringify(remotes))}`

/** True where the tunnel is in its bridge, which has entries of its own for what the tunnel has. */
export const isBridged = ({ dev, on }: Remotes): boolean => dev !== on

interface Neighbour {
  readonly dst: string
  readonly lladdr?: string
  readonly protocol?: string
}

interface Route {
  readonly dst: string
  readonly gateway?: string
  readonly prefsrc?: string
}

/** What is asked of a link that is absent has no answer. */
async function ask<T>(tools: Tools, words: readonly string[]): Promise<readonly T[]> {
  const { code, stdout, stderr } = await tools.run(['ip', '-j', ...words])
  const fault = faultOf(stderr)
  if (code !== 0 && fault !== 'absent') throw new KernelError(`ip ${words.join(' ')}: ${stderr.trim()}`, fault)
  return stdout.trim() === '' ? [] : (JSON.parse(stdout) as T[])
}

/** Of a bridge's own entries for a tunnel, those that no frame moves elsewhere. */
const isHeld = ({ master, state, flags = [] }: FdbEntry): boolean =>
  master !== undefined && state === 'static' && flags.includes('sticky')

/** The MACs that the device, and its bridge if it is in one, lead to other hosts; and whatever else is there for them. */
async function knownFdb(tools: Tools, remotes: Remotes): Promise<{ fdb: Map<string, string>; stray: Set<string> }> {
  const entries = await fdbOf(tools, remotes.dev)
  const held = new Set(entries.filter(isHeld).map(({ mac }) => mac))
  const led = new Map(entries.flatMap(({ mac, dst }) => (dst === undefined ? [] : [[mac, dst] as const])))
  const fdb = new Map([...led].filter(([mac]) => held.has(mac) || !isBridged(remotes)))
  return { fdb, stray: new Set([...held, ...led.keys()]) }
}

/** What does stand; `stray` are all MACs that there are entries for. Throws KernelError where the kernel cannot be asked. */
export async function knownOf(tools: Tools, remotes: Remotes): Promise<Forwarding & { stray: ReadonlySet<string> }> {
  const { dev, on } = remotes
  const routesOf = (family: string) =>
    ask<Route>(tools, [family, 'route', 'show', 'dev', token(dev), 'proto', protocol])
  const [entries, permanent, ...routes] = await Promise.all([
    knownFdb(tools, remotes),
    ask<Neighbour>(tools, ['neighbour', 'show', 'dev', token(on), 'nud', 'permanent']),
    ...(isBridged(remotes) ? [] : [routesOf('-4'), routesOf('-6')]),
  ])
  const ours = permanent.filter(each => each.protocol === protocol)
  return {
    ...entries,
    neighbours: new Map(ours.map(({ dst, lladdr = '' }) => [dst, lladdr])),
    routes: new Map(
      routes.flat().map(({ dst, gateway: via = '', prefsrc: src }) => [dst, { dst, via, ...(src ? { src } : {}) }]),
    ),
  }
}
