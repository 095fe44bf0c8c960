/** The configuration of host-local, with what the runtime adds to it. Pure. */
import * as z from 'zod/mini'
import { decode, ready } from '../../lib/cni/decode.ts'
import { CniError, code } from '../../lib/cni/error.ts'
import { type Json, pick, pickObject } from '../../lib/cni/json.ts'
import { flag, maybeText } from '../../lib/cni/leaf.ts'
import type { Request } from '../../lib/cni/request.ts'
import { needRoom, type ResultRoute } from '../../lib/cni/result.ts'
import type { Unknown } from '../../lib/cni/unknown.ts'
import { hasControl } from '../../lib/host/text.ts'
import type { Address } from '../../lib/ipam/cidr.ts'
import { familyOfSet, type RangeSet, rangeSchema, rangeSets } from '../../lib/ipam/range.ts'
import { address, route } from '../../lib/ipam/schema.ts'
import { wantedAddresses } from '../../lib/ipam/wanted.ts'
import { defaultLeases } from '../../lib/store/layout.ts'

/** Relative to a directory that nobody chose, a path would mean something else on each call. */
const path = z.string().check(
  z.refine(text => text.startsWith('/') && !hasControl(text), {
    error: 'must be an absolute path without control characters',
  }),
)

/** The keys of `ipam` that this plugin knows, with their types. */
export const ipamSchema = ready(
  z.object({
    type: maybeText,
    subnet: maybeText,
    rangeStart: z.exactOptional(address),
    rangeEnd: z.exactOptional(address),
    gateway: z.exactOptional(address),
    ranges: z._default(z.array(z.array(rangeSchema)), []),
    routes: z._default(z.array(route), []),
    dataDir: z.exactOptional(path),
    resolvConf: z.exactOptional(path),
    sameOffset: flag,
  }),
)
const rangesSchema = z.array(z.array(rangeSchema))

export interface Options {
  readonly sets: readonly RangeSet[]
  readonly routes: readonly ResultRoute[]
  /** Directory of this network's leases. */
  readonly directory: string
  readonly resolvConf: string | undefined
  readonly wanted: readonly Address[]
  /** Addresses of several sets are at the same place in their subnets. */
  readonly sameOffset: boolean
  readonly unknown: readonly Unknown[]
}

/** The directory of a network's leases, from a configuration that need not be right otherwise. */
export function leaseDirectory(request: Request): string {
  const dataDir = pick(pickObject(request.conf, 'ipam'), 'dataDir')
  return `${typeof dataDir === 'string' && dataDir ? dataDir : defaultLeases}/${request.network}`
}

/** A directory bears the name of the network. */
export const canBearLeases = ({ network }: Request): boolean => network.length <= 255

/**
 * Reads the configuration.
 *
 * @throws CniError 7 that names the key, 4 for CNI_ARGS
 */
export function readOptions(request: Request): Options {
  const conf = pickObject(request.conf, 'ipam')
  if (!conf) throw new CniError(code.config, 'Cannot lease addresses: IPAM config missing "ipam" key')
  if (!canBearLeases(request)) {
    const msg =
      'Cannot keep leases for this network name: a directory has to bear it, and that takes at most 255 letters'
    throw new CniError(code.config, `${msg}. Shorten the network name`)
  }
  const { value, unknown } = decode(ipamSchema, conf, 'ipam')
  const { subnet, rangeStart, rangeEnd, gateway } = value
  const single = subnet ? [[decode(rangeSchema, dropAbsent({ subnet, rangeStart, rangeEnd, gateway })).value]] : []
  const runtime = pick(pickObject(request.conf, 'runtimeConfig'), 'ipRanges')
  const added = runtime === undefined ? [] : decode(rangesSchema, runtime, 'runtimeConfig.ipRanges').value
  const sets = rangeSets([...added, ...single, ...value.ranges])
  if (sets.length === 0)
    throw new CniError(code.config, 'Cannot lease addresses: no IP ranges specified. Set "ipam.ranges"')
  needRoom(request.cniVersion, sets.map(familyOfSet))
  return {
    sets,
    routes: value.routes,
    directory: leaseDirectory(request),
    resolvConf: value.resolvConf || undefined,
    wanted: wantedAddresses(request),
    sameOffset: value.sameOffset,
    unknown,
  }
}

const dropAbsent = (object: Readonly<Record<string, string | undefined>>): Json =>
  Object.fromEntries(Object.entries(object).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])))
