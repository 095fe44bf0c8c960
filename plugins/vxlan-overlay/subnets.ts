/** The subnets of a network, where a configuration of host-local has them. Pure. */
import * as z from 'zod/mini'
import { decode } from '../../lib/cni/decode.ts'
import { type JsonObject, pick, pickObject } from '../../lib/cni/json.ts'
import { contains, formatAddress, formatSubnet } from '../../lib/ipam/cidr.ts'
import { rangeSchema, rangeSets } from '../../lib/ipam/range.ts'
import { refuse } from './control-plane/blocks.ts'
import type { Part } from './network.ts'

const rangesSchema = z.array(z.array(rangeSchema))

/**
 * The subnets as `ipam` names them, one of each family at most.
 *
 * @throws CniError 7 for others, and for ranges: these follow from the blocks
 */
export function partsIn(conf: JsonObject): readonly Part[] {
  const ipam = pickObject(conf, 'ipam')
  const keys = ['subnet', 'gateway', 'rangeStart', 'rangeEnd']
  const alone: JsonObject = Object.fromEntries(keys.map(key => [key, pick(ipam, key) ?? null]))
  const single = pick(ipam, 'subnet') === undefined ? [] : [[decode(rangeSchema, alone, 'ipam').value]]
  const sets = [...single, ...decode(rangesSchema, pick(ipam, 'ranges') ?? [], 'ipam.ranges').value]
  const given = sets.flat()
  if (given.some(({ rangeStart, rangeEnd }) => rangeStart !== undefined || rangeEnd !== undefined))
    throw refuse('"rangeStart" and "rangeEnd" follow from the blocks of this host. Leave them out of ipam')
  return partsOf(sets)
}

/** Throws CniError 7 for a gateway that is no address of a host in the subnet. */
function needGateway({ subnet, gateway: value }: Part): void {
  const { family, first, last } = subnet
  const isEnd = family === 4 && (value === first || value === last)
  if (contains(subnet, { family, value }) && !isEnd) return
  const text = formatAddress({ family, value })
  throw refuse(`gateway ${text} is no address of a host in ${formatSubnet(subnet)}. Choose another, or leave it out`)
}

/** The same as a list. Throws as `partsIn`. */
export function partsOf(sets: readonly (readonly z.infer<typeof rangeSchema>[])[]): readonly Part[] {
  const parts = rangeSets(sets).flatMap(set =>
    set.map(range => ({ subnet: range.subnet, gateway: range.gateway.value })),
  )
  for (const part of parts) needGateway(part)
  const families = parts.map(({ subnet: { family } }) => family)
  if (parts.length === 0) throw refuse('the network has no subnet. Give it one by "ipam.ranges"')
  if (new Set(families).size < families.length)
    throw refuse('the network has several subnets of one family. Leave one in "ipam.ranges"')
  return parts.toSorted((left, right) => left.subnet.family - right.subnet.family)
}
