/** Forwarding to other hosts, made equal to what it should be: what is missing comes, what is left of before goes. */
import type { Missing } from './missing.ts'
import { missingNft } from './nft-missing.ts'
import { runLines } from './process-batch.ts'
import { changeFilter, ensureFilter } from './remotes-filter.ts'
import { type Forwarding, isBridged, knownOf, protocol, toldAlias, wantedOf } from './remotes-state.ts'
import { KernelError, nameOf, type Remote, type Remotes } from './resource.ts'
import { together } from './together.ts'
import { option, token } from './token.ts'
import { faultOf, type Tools } from './tool.ts'
import { vtepFilter } from './vtep-filter.ts'

type Known = Forwarding & { readonly stray: ReadonlySet<string> }

/** The keys of a map whose values another one does not have. */
const lacking = <V>(wanted: ReadonlyMap<string, V>, known: ReadonlyMap<string, V>): string[] =>
  [...wanted].filter(([key, value]) => JSON.stringify(known.get(key)) !== JSON.stringify(value)).map(([key]) => key)

const leftOf = (known: Iterable<string>, wanted: ReadonlyMap<string, unknown>): string[] =>
  [...known].filter(key => !wanted.has(key))

function fdbLines(remotes: Remotes, wanted: Forwarding, known: Known): string[] {
  const { dev } = remotes
  const master = isBridged(remotes) ? ' master' : ''
  // `sticky`: a container that sends with the MAC of somebody elsewhere does not move the entry to its own port.
  const make = (mac: string) =>
    `fdb replace ${token(mac)} dev ${token(dev)} self${master} static sticky dst ${token(wanted.fdb.get(mac) ?? '')}`
  const gone = leftOf(known.stray, wanted.fdb).map(mac => `fdb del ${token(mac)} dev ${token(dev)} self${master}`)
  return [...gone, ...lacking(wanted.fdb, known.fdb).map(make)]
}

function routeLine({ dev }: Remotes, { dst, via, src }: Remote['routes'][number]): string {
  return `route replace ${token(dst)} via ${token(via)} dev ${token(dev)} onlink${option('src', src)} proto ${protocol}`
}

/** A neighbour comes before the route that needs it, or the kernel would start to ask for it. */
function ipLines(remotes: Remotes, wanted: Forwarding, known: Known): string[] {
  const { dev, on } = remotes
  const ways = lacking(wanted.routes, known.routes).flatMap(dst => wanted.routes.get(dst) ?? [])
  return [
    ...leftOf(known.routes.keys(), wanted.routes).map(dst => `route del ${token(dst)} dev ${token(dev)}`),
    ...leftOf(known.neighbours.keys(), wanted.neighbours).map(each => `neighbour del ${token(each)} dev ${token(on)}`),
    ...lacking(wanted.neighbours, known.neighbours).map(each => {
      const mac = token(wanted.neighbours.get(each) ?? '')
      return `neighbour replace ${token(each)} lladdr ${mac} dev ${token(on)} nud permanent protocol ${protocol}`
    }),
    ...ways.map(route => routeLine(remotes, route)),
  ]
}

/** Runs lines of a batch, each whatever became of the one before; what was to be deleted may be gone. */
async function tell(tools: Tools, tool: 'ip' | 'bridge', lines: readonly string[], resource: Remotes): Promise<void> {
  if (lines.length === 0) return
  const complaints = await runLines(tools, [tool, '-force', '-batch', '-'], lines)
  const refused = complaints.find(({ index }) => !lines[index]?.includes(' del '))
  if (!refused) return
  const { text, index } = refused
  throw new KernelError(`${nameOf(resource)} (${tool} ${lines[Math.max(0, index)]}): ${text}`, faultOf(text), resource)
}

async function tellSo(tools: Tools, remotes: Remotes): Promise<void> {
  await tell(tools, 'ip', [`link set dev ${token(remotes.dev)} alias ${token(toldAlias(remotes))}`], remotes)
}

/** With those of the hosts alone that the other has not just so. */
function without(left: Remotes, right: Remotes): Remotes {
  const texts = new Set(right.remotes.map(each => JSON.stringify(each)))
  return { ...left, remotes: left.remotes.filter(each => !texts.has(JSON.stringify(each))) }
}

/**
 * Makes forwarding what it should be, where the kernel has been told what it was before, as its alias tells: it takes as
 * long as there are changes. Whoever else has changed something is for ensureRemotes to find.
 *
 * @throws KernelError
 */
export async function changeRemotes(tools: Tools, before: Remotes, now: Remotes): Promise<void> {
  const [gone, come] = [without(before, now), without(now, before)]
  const [wanted, known] = [wantedOf(come), wantedOf(gone)]
  const seen = { ...known, stray: new Set(known.fdb.keys()) }
  await together(
    tell(tools, 'bridge', fdbLines(now, wanted, seen), now),
    tell(tools, 'ip', ipLines(now, wanted, seen), now),
    changeFilter(tools, come, gone, now),
  )
  await tellSo(tools, now)
}

/**
 * Makes forwarding what it should be; the device, and the bridge that it is in, must stand. Then its alias tells so.
 *
 * @throws KernelError
 */
export async function ensureRemotes(tools: Tools, remotes: Remotes): Promise<void> {
  const [wanted, known] = [wantedOf(remotes), await knownOf(tools, remotes)]
  await together(
    tell(tools, 'bridge', fdbLines(remotes, wanted, known), remotes),
    tell(tools, 'ip', ipLines(remotes, wanted, known), remotes),
    ensureFilter(tools, remotes),
  )
  await tellSo(tools, remotes)
}

async function faultOfRemotes(tools: Tools, remotes: Remotes): Promise<string | undefined> {
  const [wanted, known] = [wantedOf(remotes), await knownOf(tools, remotes)]
  const [mac] = lacking(wanted.fdb, known.fdb)
  if (mac !== undefined) return `lacks the entry of ${mac}`
  const [address] = lacking(wanted.neighbours, known.neighbours)
  if (address !== undefined) return `lacks the neighbour ${address} on ${remotes.on}`
  const [dst] = lacking(wanted.routes, known.routes)
  if (dst !== undefined) return `lacks the route to ${dst}`
  const [absent] = await missingNft(tools, vtepFilter(remotes))
  return absent && `lacks ${nameOf(absent.resource)}`
}

/** Those that do not stand as described. Throws KernelError where the kernel cannot be asked. */
export async function missingRemotes(tools: Tools, all: readonly Remotes[]): Promise<readonly Missing[]> {
  const faults = await Promise.all(all.map(each => faultOfRemotes(tools, each)))
  return all.flatMap((resource, index) => (faults[index] === undefined ? [] : [{ resource, why: faults[index] }]))
}
