/** Ranges of addresses and the order in which a pool offers them. Pure; rules as in the reference's host-local. */
import * as z from 'zod/mini'
import { ready } from '../cni/decode.ts'
import { CniError, code } from '../cni/error.ts'
import {
  type Address,
  contains,
  type Family,
  formatAddress,
  formatSubnet,
  overlap,
  parseAddress,
  parseSubnet,
  type Subnet,
} from './cidr.ts'
import { address } from './schema.ts'

/** A range as configured. */
export const rangeSchema = ready(
  z.object({
    subnet: z.string(),
    rangeStart: z.exactOptional(address),
    rangeEnd: z.exactOptional(address),
    gateway: z.exactOptional(address),
  }),
)
export type RangeOptions = z.infer<typeof rangeSchema>

export interface Range {
  readonly subnet: Subnet
  readonly start: bigint
  readonly end: bigint
  readonly gateway: Address
}

/** Ranges that serve the same purpose: one address out of all of them. */
export type RangeSet = readonly Range[]

const fail = (where: string, why: string): never => {
  throw new CniError(code.config, `Cannot use the address range ${where}: ${why}`)
}

function subnetOf(text: string): Subnet {
  const subnet = parseSubnet(text) ?? fail(JSON.stringify(text), 'it is no subnet in the form 10.1.2.0/24')
  if (subnet.address !== subnet.first) fail(text, `it has host bits set. The network is ${formatSubnet(subnet)}`)
  if (subnet.prefix > (subnet.family === 4 ? 30 : 126))
    fail(text, 'it is too small to allocate from. Take a larger one')
  return subnet
}

function bound(subnet: Subnet, text: string | undefined, instead: bigint, what: string): bigint {
  if (!text) return instead
  const value = parseAddress(text)
  if (!value || !contains(subnet, value)) return fail(formatSubnet(subnet), `${what} ${text} is outside the subnet`)
  return value.value
}

function emptyRange({ rangeStart, rangeEnd }: RangeOptions, family: Family, start: bigint, end: bigint): string {
  const from = rangeStart
    ? `rangeStart ${rangeStart}`
    : `its first address, ${formatAddress({ family, value: start })},`
  const to = rangeEnd ? `rangeEnd ${rangeEnd}` : `its last address, ${formatAddress({ family, value: end })}`
  return `${from} is after ${to}. Choose a lower rangeStart, or a higher rangeEnd`
}

function rangeOf(options: RangeOptions): Range {
  const subnet = subnetOf(options.subnet)
  const { family, first, last } = subnet
  const start = bound(subnet, options.rangeStart, first + 1n, 'rangeStart')
  const end = bound(subnet, options.rangeEnd, family === 4 ? last - 1n : last, 'rangeEnd')
  if (start > end) fail(formatSubnet(subnet), emptyRange(options, family, start, end))
  const gateway = options.gateway ? parseAddress(options.gateway) : undefined
  if (gateway && gateway.family !== family)
    fail(formatSubnet(subnet), `gateway ${options.gateway} is of the other family`)
  return { subnet, start, end, gateway: gateway ?? { family, value: first + 1n } }
}

export const familyOfSet = (set: RangeSet): Family => set[0]?.subnet.family ?? 4

const touch = (left: Range, right: Range): boolean =>
  overlap(left.subnet, right.subnet) && left.start <= right.end && right.start <= left.end

/** A set as messages show it. */
export const describeSet = (set: RangeSet): string =>
  set
    .map(({ subnet: { family }, start, end }) => [start, end].map(value => formatAddress({ family, value })).join('-'))
    .join(',')

/**
 * Range sets from their configuration.
 *
 * @throws CniError 7 for a range that breaks a rule, sets that overlap, or with mixed families, or without an address to
 *   lease
 */
export function rangeSets(sets: readonly (readonly RangeOptions[])[]): readonly RangeSet[] {
  const all = sets.map((options, index) => {
    if (options.length === 0) fail(`ranges[${index}]`, 'it is empty. Give it a subnet, or leave it out')
    const set = options.map(rangeOf)
    if (set.some(range => range.subnet.family !== familyOfSet(set))) {
      fail(`ranges[${index}]`, 'it mixes IPv4 and IPv6. Make a set for each')
    }
    if (capacity(set) === 0n) fail(describeSet(set), 'it holds nothing but its gateway. Enlarge it')
    return set
  })
  const flat = all.flat()
  flat.forEach((range, index) => {
    const other = flat.slice(index + 1).find(each => touch(range, each))
    if (other) fail(describeSet([range]), `it overlaps ${describeSet([other])}`)
  })
  return all
}

/** The range of a set that holds the address. */
export const rangeOfAddress = (set: RangeSet, wanted: Address): Range | undefined =>
  set.find(({ subnet, start, end }) => contains(subnet, wanted) && wanted.value >= start && wanted.value <= end)

export const isGateway = (set: RangeSet, { family, value }: Address): boolean =>
  set.some(({ gateway }) => gateway.family === family && gateway.value === value)

/** How many addresses a set can lease. */
export function capacity(set: RangeSet): bigint {
  const family = familyOfSet(set)
  const gateways = new Set(set.map(({ gateway }) => gateway.value))
  const inside = [...gateways].filter(value => rangeOfAddress(set, { family, value }) !== undefined)
  return set.reduce((sum, { start, end }) => sum + end - start + 1n, 0n) - BigInt(inside.length)
}

/** Every address that the set may lease, starting after the one leased last, which comes last itself. */
export function* candidates(set: RangeSet, last: Address | undefined): Generator<Address> {
  const family = familyOfSet(set)
  const from = last ? set.findIndex(({ start, end }) => last.value >= start && last.value <= end) : -1
  const first = set[from]
  const parts: { start: bigint; end: bigint }[] = first && last ? [{ start: last.value + 1n, end: first.end }] : []
  for (let step = first ? 1 : 0; step < set.length; step++) {
    const range = set[(Math.max(from, 0) + step) % set.length]
    if (range) parts.push(range)
  }
  if (first && last) parts.push({ start: first.start, end: last.value })
  for (const { start, end } of parts) {
    for (let value = start; value <= end; value++) {
      const candidate = { family, value }
      if (!isGateway(set, candidate)) yield candidate
    }
  }
}
