/** Leases of both families at the same place in their subnets: who knows one address of a container knows the other. */
import { CniError, code } from '../../lib/cni/error.ts'
import { type Address, formatAddress, parseAddress } from '../../lib/ipam/cidr.ts'
import type { Held } from '../../lib/ipam/ipam.ts'
import { leaseNext, leaseThis, type Pool } from '../../lib/ipam/pool.ts'
import { type RangeSet, rangeOfAddress } from '../../lib/ipam/range.ts'

/** What is asked for. */
export interface Wish {
  /** Addresses that the runtime wants, by the set that serves them. */
  readonly assigned: ReadonlyMap<number, Address>
  /** Those that the owner had. */
  readonly kept: readonly Address[]
  /** Gives leases back. */
  release(held: readonly Held[]): Promise<void>
}

/** The address of another set at the same place: in the range of the same number, as far from its subnet's start. */
function counterpart(from: RangeSet, address: Address, to: RangeSet): Address | undefined {
  const range = rangeOfAddress(from, address)
  const other = to[range ? from.indexOf(range) : -1]
  if (!range || !other) return undefined
  const found = { family: other.subnet.family, value: other.subnet.first + address.value - range.subnet.first }
  return rangeOfAddress(to, found) && found
}

/** The addresses of all sets at the place of one of them. Throws CniError 7 where a set has none there. */
function allAt(sets: readonly RangeSet[], index: number, address: Address): readonly Address[] {
  return sets.map((set, each) => {
    const found = each === index ? address : counterpart(sets[index] ?? [], address, set)
    if (found) return found
    const msg = `Cannot lease ${formatAddress(address)} with "sameOffset": the other ranges have no address at its place`
    throw new CniError(code.config, `${msg}. Make the ranges of "ipam.ranges" alike`)
  })
}

/** Leases addresses, one of each set from a number on, or none. Throws CniError as `leaseThis`. */
async function leaseThese(
  pool: Pool,
  sets: readonly RangeSet[],
  wanted: readonly Address[],
  wish: Wish,
  from = 0,
): Promise<readonly Held[]> {
  const held: Held[] = []
  try {
    for (const [index, address] of wanted.entries()) {
      if (index >= from) held.push(await leaseThis(pool, sets[index] ?? [], index, address))
    }
    return held
  } catch (error) {
    await wish.release(held.filter(({ adopted }) => !adopted))
    throw error
  }
}

/** What the runtime wants, at one place. Throws CniError 7 for addresses at different places. */
function wantedOf(sets: readonly RangeSet[], { assigned }: Wish): readonly Address[] | undefined {
  const [first] = assigned
  if (!first) return undefined
  const wanted = allAt(sets, ...first)
  for (const [index, { value }] of assigned) {
    if (wanted[index]?.value === value) continue
    const both = [...assigned.values()].map(formatAddress).join(' and ')
    const msg = `Cannot lease ${both}: with "sameOffset" they are at the same place in their subnets`
    throw new CniError(code.config, `${msg}. Ask for one of them alone`)
  }
  return wanted
}

/** An address that cannot be had says so; whatever else goes wrong would go wrong with the next one too. */
function isTaken(error: unknown): undefined {
  if (!(error instanceof CniError)) throw error
}

/** The next place that is free in every set; what is taken in others alone is passed over. */
async function leaseFree(pool: Pool, sets: readonly RangeSet[], wish: Wish): Promise<readonly Held[]> {
  const passed: Held[] = []
  try {
    for (;;) {
      const first = await leaseNext(pool, sets[0] ?? [], 0)
      passed.push(first)
      const address = parseAddress(first.address)
      const wanted = address ? allAt(sets, 0, address) : []
      const rest = await leaseThese(pool, sets, wanted, wish, 1).catch(isTaken)
      if (rest) return [...passed.splice(-1), ...rest]
    }
  } finally {
    // Only now: the search would meet it again.
    await wish.release(passed)
  }
}

/**
 * Leases an address of each set, all at the same place.
 *
 * @throws CniError 7 for wishes that have no place in common, 11 where nothing is free
 */
export async function leaseTogether(pool: Pool, sets: readonly RangeSet[], wish: Wish): Promise<readonly Held[]> {
  const wanted = wantedOf(sets, wish)
  if (wanted) return leaseThese(pool, sets, wanted, wish)
  const old = wish.kept.find(address => sets[0] && rangeOfAddress(sets[0], address))
  const again = old && (await leaseThese(pool, sets, allAt(sets, 0, old), wish).catch(() => undefined))
  return again ?? leaseFree(pool, sets, wish)
}
