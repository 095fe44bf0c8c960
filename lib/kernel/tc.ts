/**
 * Resources as lines of `tc -batch`, and what tc says of them: the order in which packets leave a link, and where those
 * that come from it go. See tc(8), tc-tbf(8), tc-u32(8), tc-mirred(8).
 */
import type { Line } from './ip.ts'
import { complaintsIn } from './ip-process.ts'
import type { Missing } from './missing.ts'
import { type Filter, KernelError, nameOf, type Qdisc, type Resource } from './resource.ts'
import { token } from './token.ts'
import { faultOf, type Tools } from './tool.ts'

type Tbf = Extract<Qdisc, { type: 'tbf' }>
type Clsact = Extract<Qdisc, { type: 'clsact' }>
type Hook = 'ingress' | 'egress'

const hooks: readonly Hook[] = ['ingress', 'egress']
const isQdisc = (resource: Resource): resource is Qdisc => resource.kind === 'qdisc'
const everything = { value: '00000000', mask: '00000000', at: 0 } as const
const wordsOf = ({ words }: Filter): Filter['words'] => (words.length > 0 ? words : [everything])

/** One place for each filter, and none of both hooks: at one place the kernel lists the u32 filters of either for both. */
const prefOf = (hook: Hook, index: number): number => index + (hook === 'ingress' ? 1 : 10_001)

function filterLine(dev: string, hook: Hook, filter: Filter, index: number): string {
  const words = wordsOf(filter).map(({ value, mask, at }) => ` match u32 0x${token(value)} 0x${token(mask)} at ${at}`)
  const goes = filter.redirect ? `action mirred egress redirect dev ${token(filter.redirect)}` : 'classid 1:1'
  return `filter add dev ${dev} ${hook} pref ${prefOf(hook, index)} protocol ${filter.protocol} u32${words.join('')} ${goes}`
}

/** The lines that make a qdisc with its filters, whatever stands there now. */
export function qdiscLines(qdisc: Qdisc): readonly Line[] {
  const dev = token(qdisc.dev)
  const line = (text: string): Line => ({ text, resource: qdisc })
  if (qdisc.type === 'tbf') {
    const { rate, burst, limit } = qdisc
    return [line(`qdisc replace dev ${dev} root handle 1: tbf rate ${rate * 8}bit burst ${burst}b limit ${limit}b`)]
  }
  // Emptied first, so that declaring it a second time doubles nothing.
  const filters = hooks.flatMap(hook => [
    `filter del dev ${dev} ${hook}`,
    ...qdisc[hook].map((filter, index) => filterLine(dev, hook, filter, index)),
  ])
  return [line(`qdisc replace dev ${dev} clsact`), ...filters.map(line)]
}

/** The line that removes a qdisc: by its place, where the reference has another one, which is called `ingress`. */
export const removeQdiscLine = (qdisc: Qdisc): Line => ({
  text: `qdisc del dev ${token(qdisc.dev)} ${qdisc.type === 'tbf' ? 'root' : 'parent ffff:fff1'}`,
  resource: qdisc,
})

/** Runs lines in one process; those that failed come back, the first alone where it is to stop there. */
async function runBatch(tools: Tools, lines: readonly Line[], options: readonly string[]) {
  const text = lines.map(line => `${line.text}\n`).join('')
  const output = await tools.run(['tc', ...options, '-batch', '-'], text)
  if (output.code === 0) return []
  const failed = complaintsIn(output.stderr, 1).map(({ index, text }) => ({ line: lines[index], text }))
  return failed.length > 0 ? failed : [{ line: undefined, text: output.stderr.trim() }]
}

/**
 * Makes the qdiscs, in order, with their filters, in one process. Their links, and those that they lead to, must stand.
 *
 * @throws KernelError that names the qdisc
 */
export async function ensureQdiscs(tools: Tools, resources: readonly Resource[]): Promise<void> {
  const [first] = await runBatch(tools, resources.filter(isQdisc).flatMap(qdiscLines), [])
  if (!first) return
  const what = first.line ? `${nameOf(first.line.resource)} (tc ${first.line.text})` : 'tc'
  throw new KernelError(`${what}: ${first.text.replaceAll('\n', '; ')}`, faultOf(first.text), first.line?.resource)
}

/**
 * Removes qdiscs, in order; what is absent is fine, and so is a link that is gone.
 *
 * @throws KernelError with everything that could not be removed
 */
export async function removeQdiscs(tools: Tools, resources: readonly Resource[]): Promise<void> {
  const failed = await runBatch(tools, resources.filter(isQdisc).map(removeQdiscLine), ['-force'])
  const real = failed.filter(({ text }) => faultOf(text) !== 'absent')
  if (!real[0]) return
  throw new KernelError(real.map(({ line, text }) => `${line?.text}: ${text}`).join('; '), faultOf(real[0].text))
}

interface TcQdisc {
  readonly kind: string
  readonly root?: boolean
  readonly options?: { readonly rate?: number; readonly burst?: number; readonly lat?: number }
}

/** The kernel tells a burst as the time that it takes, in ticks of 64 ns that are counted in 32 bits. */
const tick = 64e-9
const near = (now: number | undefined, wanted: number, tolerance: number): boolean =>
  now !== undefined && Math.abs(now - wanted) <= tolerance

async function tbfFault(tools: Tools, { dev, rate, burst, limit }: Tbf): Promise<string | undefined> {
  const output = await tools.run(['tc', '-j', 'qdisc', 'show', 'dev', token(dev)])
  const all = output.stdout.trim() === '' ? [] : (JSON.parse(output.stdout) as TcQdisc[])
  const now = all.find(({ kind, root }) => kind === 'tbf' && root)?.options
  if (!now) return 'is absent'
  if (now.rate !== rate) return `has a rate of ${now.rate} bytes per second, not ${rate}`
  const seconds = (Math.floor(burst / rate / tick) % 2 ** 32) * tick
  // What is left of a tick, and what the tool rounds.
  const shown = seconds * rate
  if (!near(now.burst, shown, 2 * tick * rate + 2)) return `has a burst of ${now.burst} bytes, not ${burst}`
  const latency = (limit / rate - seconds) * 1e6
  return near(now.lat, latency, 2) ? undefined : `has another limit than ${limit} bytes`
}

interface Found extends Filter {
  readonly pref: number
}

/** The u32 filters in a listing. As JSON it would give one name to several matches, and differ from version to version. */
function filtersIn(listing: string): Found[] {
  const parts = listing.split(/^(?=filter )/m)
  return parts.flatMap(part => {
    const [, protocol = '', pref] = /^filter protocol (\S+) pref (\d+) u32 .*fh \w+::/.exec(part) ?? []
    if (pref === undefined) return []
    const matches = [...part.matchAll(/^\s*match (\w{8})\/(\w{8}) at (\d+)/gm)]
    const words = matches.map(([, value = '', mask = '', at]) => ({ value, mask, at: Number(at) }))
    const redirect = /\(Egress Redirect to device (\S+)\)/.exec(part)?.[1]
    const base = { protocol: protocol as Filter['protocol'], words, pref: Number(pref) }
    return [redirect === undefined ? base : { ...base, redirect }]
  })
}

const same = (filter: Filter, { pref, ...now }: Found): boolean =>
  now.protocol === filter.protocol &&
  now.redirect === filter.redirect &&
  JSON.stringify(now.words) === JSON.stringify(wordsOf(filter))

async function clsactFault(tools: Tools, qdisc: Clsact): Promise<string | undefined> {
  for (const hook of hooks.filter(each => qdisc[each].length > 0)) {
    const { stdout } = await tools.run(['tc', 'filter', 'show', 'dev', token(qdisc.dev), hook])
    const found = filtersIn(stdout)
    const wrong = qdisc[hook].findIndex((filter, index) => {
      return !found.some(now => now.pref === prefOf(hook, index) && same(filter, now))
    })
    const { redirect } = qdisc[hook][wrong] ?? {}
    if (wrong >= 0) return `lacks the ${hook} filter ${wrong + 1}${redirect ? `, a redirect to ${redirect}` : ''}`
  }
  return undefined
}

/** The qdiscs that do not stand as described. */
export async function missingQdiscs(tools: Tools, qdiscs: readonly Qdisc[]): Promise<readonly Missing[]> {
  const faults = await Promise.all(
    qdiscs.map(each => (each.type === 'tbf' ? tbfFault(tools, each) : clsactFault(tools, each))),
  )
  return qdiscs.flatMap((resource, index) => (faults[index] === undefined ? [] : [{ resource, why: faults[index] }]))
}
