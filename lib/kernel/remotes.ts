/** Forwarding to other hosts, made equal to what it should be: what is missing comes, what is left of before goes. */
import type { Missing } from './missing.ts'
import { missingNft } from './nft-missing.ts'
import { runLines } from './process-batch.ts'
import { changeFilter, ensureFilter } from './remotes-filter.ts'
import { enterTold, isBridged, type Ledger, ledgerOf, type Route } from './remotes-ledger.ts'
import { halfTold, lookedAt, protocol, toldAlias } from './remotes-state.ts'
import { KernelError, nameOf, type Remotes } from './resource.ts'
import { together } from './together.ts'
import { option, token } from './token.ts'
import { faultOf, type Tools } from './tool.ts'
import { vtepFilter } from './vtep-filter.ts'

function* fdbLines(remotes: Remotes, ledger: Ledger): Generator<string> {
  const dev = token(remotes.dev)
  const master = isBridged(remotes) ? ' master' : ''
  for (const mac of ledger.stray.macs) yield `fdb del ${token(mac)} dev ${dev} self${master}`
  // `sticky`: a container that sends with the MAC of somebody elsewhere does not move the entry to its own port.
  for (const [mac, vtep] of ledger.lackingEntries())
    yield `fdb replace ${token(mac)} dev ${dev} self${master} static sticky dst ${token(vtep)}`
}

function routeLine({ dev }: Remotes, { dst, via, src }: Route): string {
  return `route replace ${token(dst)} via ${token(via)} dev ${token(dev)} onlink${option('src', src)} proto ${protocol}`
}

const aliasLine = ({ dev }: Remotes, alias: string): string => `link set dev ${token(dev)} alias ${token(alias)}`

/**
 * A neighbour comes before the route that needs it, or the kernel would start to ask for it. First of all the alias goes
 * that tells of before: what fails or is killed from here on leaves neither that nor this.
 */
function* ipLines(remotes: Remotes, ledger: Ledger): Generator<string> {
  const [dev, on] = [token(remotes.dev), token(remotes.on)]
  yield aliasLine(remotes, halfTold)
  const { routes, addresses } = ledger.stray
  for (const dst of routes) yield `route del ${token(dst)} dev ${dev}`
  for (const address of addresses) yield `neighbour del ${token(address)} dev ${on}`
  for (const [address, mac] of ledger.lackingNeighbours())
    yield `neighbour replace ${token(address)} lladdr ${token(mac)} dev ${on} nud permanent protocol ${protocol}`
  for (const route of ledger.lackingRoutes()) yield routeLine(remotes, route)
}

type Tool = 'ip' | 'bridge'

/** Runs some lines of a batch, each whatever became of the one before; what was to be deleted may be gone. */
async function tellSome(tools: Tools, tool: Tool, lines: readonly string[], resource: Remotes): Promise<void> {
  const complaints = await runLines(tools, [tool, '-force', '-batch', '-'], lines)
  const refused = complaints.find(({ index }) => !lines[index]?.includes(' del '))
  if (!refused) return
  const { text, index } = refused
  throw new KernelError(`${nameOf(resource)} (${tool} ${lines[Math.max(0, index)]}): ${text}`, faultOf(text), resource)
}

/** Lines that one process takes: all of them at once would be held in memory three times. */
const many = 8_192

async function tell(tools: Tools, tool: Tool, lines: Iterable<string>, resource: Remotes): Promise<void> {
  let some: string[] = []
  for (const line of lines) {
    if (some.push(line) < many) continue
    await tellSome(tools, tool, some, resource)
    some = []
  }
  if (some.length > 0) await tellSome(tools, tool, some, resource)
}

async function tellSo(tools: Tools, remotes: Remotes): Promise<void> {
  await tell(tools, 'ip', [aliasLine(remotes, toldAlias(remotes))], remotes)
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
  const ledger = ledgerOf(come)
  enterTold(ledger, gone)
  await together(
    tell(tools, 'bridge', fdbLines(now, ledger), now),
    tell(tools, 'ip', ipLines(now, ledger), now),
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
  const ledger = await lookedAt(tools, remotes)
  await together(
    tell(tools, 'bridge', fdbLines(remotes, ledger), remotes),
    tell(tools, 'ip', ipLines(remotes, ledger), remotes),
    ensureFilter(tools, remotes),
  )
  await tellSo(tools, remotes)
}

async function faultOfRemotes(tools: Tools, remotes: Remotes): Promise<string | undefined> {
  const ledger = await lookedAt(tools, remotes)
  for (const [mac] of ledger.lackingEntries()) return `lacks the entry of ${mac}`
  for (const [address] of ledger.lackingNeighbours()) return `lacks the neighbour ${address} on ${remotes.on}`
  const [route] = ledger.lackingRoutes()
  if (route) return `lacks the route to ${route.dst}`
  const [absent] = await missingNft(tools, vtepFilter(remotes))
  return absent && `lacks ${nameOf(absent.resource)}`
}

/** Those that do not stand as described. Throws KernelError where the kernel cannot be asked. */
export async function missingRemotes(tools: Tools, all: readonly Remotes[]): Promise<readonly Missing[]> {
  const faults = await Promise.all(all.map(each => faultOfRemotes(tools, each)))
  return all.flatMap((resource, index) => (faults[index] === undefined ? [] : [{ resource, why: faults[index] }]))
}
