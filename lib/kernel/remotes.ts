/** Forwarding to other hosts, made equal to what it should be: what is missing comes, what is left of before goes. */
import { complaintsIn } from './ip-process.ts'
import type { Missing } from './missing.ts'
import { ensureNft, removeNft } from './nft.ts'
import { listedElements } from './nft-elements.ts'
import { missingNft } from './nft-missing.ts'
import { table } from './nft-script.ts'
import { type Forwarding, isBridged, knownOf, protocol, toldAlias, wantedOf } from './remotes-state.ts'
import { KernelError, nameOf, type Remote, type Remotes } from './resource.ts'
import { together } from './together.ts'
import { option, token } from './token.ts'
import { faultOf, type Tools } from './tool.ts'
import { removeFilterScript, senderSets, strangersAmong, vtepFilter } from './vtep-filter.ts'

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
async function runLines(
  tools: Tools,
  tool: 'ip' | 'bridge',
  lines: readonly string[],
  resource: Remotes,
): Promise<void> {
  if (lines.length === 0) return
  const { code, stderr } = await tools.run([tool, '-force', '-batch', '-'], lines.map(line => `${line}\n`).join(''))
  if (code === 0) return
  const complaints = complaintsIn(stderr, 1)
  const refused = complaints.find(({ index }) => !lines[index]?.includes(' del '))
  if (complaints.length > 0 && !refused) return
  const { text, index } = refused ?? { text: stderr.trim(), index: 0 }
  throw new KernelError(`${nameOf(resource)} (${tool} ${lines[index]}): ${text}`, faultOf(text), resource)
}

async function removeStrangers(tools: Tools, remotes: Remotes): Promise<void> {
  for (const set of senderSets(remotes)) {
    const { code, stdout, stderr } = await tools.nft(`list set inet ${table} ${token(set)}\n`)
    if (code !== 0 && faultOf(stderr) !== 'absent')
      throw new KernelError(`nft: ${stderr.trim()}`, faultOf(stderr), remotes)
    await removeNft(tools, strangersAmong(remotes, set, listedElements(stdout).keys()))
  }
}

/** Where the sets stand, elements alone would be made: the rules are declared in any case. */
async function filter(tools: Tools, remotes: Remotes): Promise<void> {
  const all = vtepFilter(remotes)
  await ensureNft(
    tools,
    all.filter(({ object }) => object !== 'element'),
  )
  await ensureNft(tools, all)
  await removeStrangers(tools, remotes)
}

/**
 * Makes forwarding what it should be; the device, and the bridge that it is in, must stand. Then its alias tells so.
 *
 * @throws KernelError
 */
export async function ensureRemotes(tools: Tools, remotes: Remotes): Promise<void> {
  const [wanted, known] = [wantedOf(remotes), await knownOf(tools, remotes)]
  await together(
    runLines(tools, 'bridge', fdbLines(remotes, wanted, known), remotes),
    runLines(tools, 'ip', ipLines(remotes, wanted, known), remotes),
    filter(tools, remotes),
  )
  await runLines(tools, 'ip', [`link set dev ${token(remotes.dev)} alias ${token(toldAlias(remotes))}`], remotes)
}

/** Nobody listens any more: whom the tunnel would listen to is forgotten. The rest goes with its links. Throws KernelError. */
export async function removeRemotes(tools: Tools, remotes: Remotes): Promise<void> {
  const { code, stderr } = await tools.nft(removeFilterScript(remotes))
  if (code !== 0) throw new KernelError(`nft: ${stderr.trim()}`, faultOf(stderr), remotes)
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
