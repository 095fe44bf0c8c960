/** The configuration of bandwidth, with what the runtime adds to it. Pure; keys and rules as in the reference. */
import * as z from 'zod/mini'
import { type Decoded, decode } from '../../lib/cni/decode.ts'
import { CniError, code } from '../../lib/cni/error.ts'
import { type Json, type JsonObject, pick, pickObject } from '../../lib/cni/json.ts'
import { texts } from '../../lib/cni/leaf.ts'
import type { Request } from '../../lib/cni/request.ts'
import { parseSubnet, type Subnet } from '../../lib/ipam/cidr.ts'

/** More than that would make the list of filters, which every packet goes along, a burden. */
const mostSubnets = 1000

const bits = z._default(z.int().check(z.nonnegative()), 0)
const subnets = texts

/** The keys that this plugin knows, with their types. */
export const schema = z.object({
  ingressRate: bits,
  ingressBurst: bits,
  egressRate: bits,
  egressBurst: bits,
  shapedSubnets: subnets,
  unshapedSubnets: subnets,
})

type Conf = z.infer<typeof schema>
type Direction = 'ingress' | 'egress'

export interface Limit {
  /** Bytes per second. */
  readonly rate: number
  /** Bytes that may go at once after a pause; undefined: what suits the rate. */
  readonly burst: number | undefined
}

export interface Options {
  /** Towards the container. */
  readonly ingress: Limit | undefined
  /** From the container. */
  readonly egress: Limit | undefined
  /** Which peers are meant: those in the subnets, or those in none of them. */
  readonly peers: 'all' | 'within' | 'outside'
  readonly subnets: readonly Subnet[]
}

const refuse = (why: string): CniError => new CniError(code.config, `Cannot limit the bandwidth: ${why}`)

/** Sizes of buckets are counted in 32 bits by the kernel. */
export const mostBytes = 2 ** 32 - 1

/** Runtimes send the largest number that the reference takes where nobody asked for a burst. */
const unasked = [2 ** 32 - 1, 8 * (2 ** 32 - 1) - 1]

function limitOf(conf: Conf, direction: Direction, notes: string[]): Limit | undefined {
  const [rate, burst] = [conf[`${direction}Rate`], conf[`${direction}Burst`]]
  const [rateKey, burstKey] = [`${direction}Rate`, `${direction}Burst`]
  if (rate === 0 && (burst === 0 || unasked.includes(burst))) return undefined
  if (rate === 0) throw refuse(`${burstKey} is ${burst} without a rate. Set ${rateKey} too, or leave ${burstKey} out`)
  if (rate < 8) throw refuse(`${rateKey} is ${rate}, less than a byte in a second. Set at least 8; it counts bits`)
  const limit = { rate: Math.floor(rate / 8), burst: undefined }
  if (burst === 0) return limit
  if (burst <= rate && burst / 8 <= mostBytes && !unasked.includes(burst)) {
    return { ...limit, burst: Math.floor(burst / 8) }
  }
  notes.push(`${burstKey} ${burst} would let ${rateKey} ${rate} be exceeded for long: the default burst is used`)
  return limit
}

function subnetOf(text: string, key: string): Subnet {
  const subnet = parseSubnet(text.trim())
  if (subnet) return subnet
  throw refuse(`${key} has ${JSON.stringify(text)}, which is no subnet. Write it like 10.0.0.0/8 or fd00::/8`)
}

function peersOf({ shapedSubnets, unshapedSubnets }: Conf): Pick<Options, 'peers' | 'subnets'> {
  if (shapedSubnets.length > 0 && unshapedSubnets.length > 0) {
    throw refuse('shapedSubnets and unshapedSubnets exclude each other. Leave one of the two out')
  }
  const key = shapedSubnets.length > 0 ? 'shapedSubnets' : 'unshapedSubnets'
  const texts = shapedSubnets.length > 0 ? shapedSubnets : unshapedSubnets
  if (texts.length > mostSubnets) throw refuse(`${key} has more than ${mostSubnets} subnets. Join some of them`)
  if (texts.length === 0) return { peers: 'all', subnets: [] }
  const within = key === 'shapedSubnets'
  return { peers: within ? 'within' : 'outside', subnets: texts.map(text => subnetOf(text, key)) }
}

const limits = ['ingressRate', 'ingressBurst', 'egressRate', 'egressBurst']
const has = (object: JsonObject, key: string): boolean => pick(object, key) !== undefined

/** What the runtime asks for counts where the network says nothing of limits; its subnets, where the runtime does not. */
function withRuntime(conf: Conf, request: Request): Conf {
  const asked: Json | undefined = pick(pickObject(request.conf, 'runtimeConfig'), 'bandwidth')
  if (asked === undefined || limits.some(key => has(request.conf, key))) return conf
  const { shapedSubnets, unshapedSubnets, ...rates } = decode(schema, asked, 'runtimeConfig.bandwidth').value
  if (shapedSubnets.length === 0 && unshapedSubnets.length === 0) return { ...conf, ...rates }
  return { ...rates, shapedSubnets, unshapedSubnets }
}

/**
 * Reads the configuration.
 *
 * @throws CniError 7 that names the key
 */
export function readOptions(request: Request): Decoded<Options> {
  const { value, unknown } = decode(schema, request.conf)
  const conf = withRuntime(value, request)
  const notes: string[] = []
  const ingress = limitOf(conf, 'ingress', notes)
  const egress = limitOf(conf, 'egress', notes)
  return { value: { ingress, egress, ...peersOf(conf) }, unknown, notes }
}
