/**
 * loopback: brings `lo` of a sandbox up. Containerd calls it for every pod, so it loads as little as it can: no
 * configuration schema, no record, one process.
 */
import { CniError, code } from '../../lib/cni/error.ts'
import { pick } from '../../lib/cni/json.ts'
import type { Request } from '../../lib/cni/request.ts'
import type { Result } from '../../lib/cni/result.ts'
import type { Operations } from '../../lib/cni/serve.ts'
import { isOwnNetns, noSandbox, openSandbox, otherKind, sameNetns } from '../../lib/cnm/sandbox.ts'
import { FileError, type Host } from '../../lib/host/host.ts'
import { netnsAt } from '../../lib/kernel/netns.ts'
import { isToken } from '../../lib/kernel/token.ts'
import { faultOf, type Tools, tools } from '../../lib/kernel/tool.ts'

interface Lo {
  flags: string[]
  addr_info: { local: string; prefixlen: number; family: 'inet' | 'inet6' }[]
}

async function batch(tool: Tools, netns: string, lines: readonly string[]): Promise<Lo | undefined> {
  const { documents, complaints } = await tool.ip(netns, lines)
  tool.end()
  const [failed] = complaints
  if (failed && faultOf(failed.text) === 'foreign') throw noSandbox(netns, otherKind)
  if (failed) throw new CniError(code.internal, `Cannot configure lo in ${netns}: ${failed.text}`)
  return documents[0] as Lo | undefined
}

const isLoopback = (address: string): boolean => address === '::1' || address.startsWith('127.')

/** Few runtimes put a plugin before this one. Throws CniError 7 for an answer of it that makes no sense. */
async function previousFor(request: Request): Promise<Result | undefined> {
  if (pick(request.conf, 'prevResult') === undefined) return undefined
  return (await import('../../lib/cnm/previous.ts')).previousOf(request)
}

async function add(tool: Tools, request: Request): Promise<Result> {
  await openSandbox(tool.host, request)
  const previous = await previousFor(request)
  const lo = await batch(tool, request.netns, ['link set dev lo up', 'address show dev lo'])
  const addresses = lo?.addr_info ?? []
  const foreign = addresses.find(({ local }) => !isLoopback(local))
  if (foreign) {
    const msg = `Cannot use lo of ${request.netns}: it has the non-loopback address ${foreign.local}. Remove that address`
    throw new CniError(code.internal, msg)
  }
  const first = (['inet', 'inet6'] as const).flatMap(family => addresses.find(each => each.family === family) ?? [])
  const own: Result = {
    interfaces: [{ name: 'lo', mac: '00:00:00:00:00:00', sandbox: request.netns }],
    ips: first.map(({ local, prefixlen }) => ({ address: `${local}/${prefixlen}`, interface: 0 })),
    routes: [],
    dns: {},
  }
  return previous ?? own
}

function orAbsent(error: unknown): 'absent' {
  if (error instanceof FileError || (error instanceof CniError && error.code === code.environment)) return 'absent'
  throw error
}

async function del(tool: Tools, request: Request): Promise<void> {
  const { netns } = request
  // What cannot be reached is as good as gone.
  const there = isToken(netns) ? await netnsAt(tool.host, netns).catch(orAbsent) : 'absent'
  if (typeof there !== 'object') return
  if (await isOwnNetns(tool.host, request)) throw sameNetns(request)
  await batch(tool, netns, ['link set dev lo down']).catch(orAbsent)
}

async function check(tool: Tools, request: Request): Promise<void> {
  await openSandbox(tool.host, request)
  await previousFor(request)
  const lo = await batch(tool, request.netns, ['address show dev lo'])
  if (lo?.flags.includes('UP')) return
  throw new CniError(code.internal, `Cannot confirm the attachment: lo of ${request.netns} is down. Add it again`)
}

/** The operations of this plugin. */
export async function operations(host: Host): Promise<Operations> {
  const tool = tools(host, '')
  return {
    ADD: request => add(tool, request),
    DEL: request => del(tool, request),
    CHECK: request => check(tool, request),
    GC: async () => undefined,
    STATUS: async () => undefined,
  }
}
