/** Verification of qdiscs and their filters: what tc says of them, beside what it was told. */
import type { Missing } from './missing.ts'
import type { Filter, Qdisc } from './resource.ts'
import { hooks, prefOf, wordsOf } from './tc.ts'
import { token } from './token.ts'
import type { Tools } from './tool.ts'

type Tbf = Extract<Qdisc, { type: 'tbf' }>
type Clsact = Extract<Qdisc, { type: 'clsact' }>

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
  // The tool tells it as bytes again, and cuts it to microseconds before.
  if (!near(now.burst, seconds * rate, 1.2e-6 * rate + 2)) return `has a burst of ${now.burst} bytes, not ${burst}`
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
