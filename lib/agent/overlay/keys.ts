/** What is under our prefix in etcd: keys, and what they hold. Pure. */
import * as z from 'zod/mini'
import type { Entries, Entry } from '../etcd/etcd.ts'

/** A network as its first host has declared it: the others' files have to say the same. */
const networkSchema = z.object({
  vni: z.number(),
  port: z.number(),
  mode: z.enum(['l2', 'l3']),
  subnets: z.array(z.object({ subnet: z.string(), gateway: z.string() })),
  blockSize: z.number(),
  encrypted: z._default(z.boolean(), false),
})
const nodeSchema = z.object({ address: z.string(), name: z.string() })
const blockSchema = z.object({ node: z.string() })
const placeSchema = z.object({ node: z.string(), owner: z.string(), call: z.string() })

/** What a node tells of its encryption; all absent: it can, and has nothing to encrypt now. */
const cipherSchema = z.object({
  /** Fresh whenever its kernel has lost its states: a part of all keys from and to it. */
  nonce: z.exactOptional(z.string().check(z.regex(/^[\da-f]{32}$/))),
  /** Up to this epoch it understands all nodes. */
  ready: z.exactOptional(z.int()),
  /** Why it cannot. */
  lacks: z.exactOptional(z.string()),
})
const epochsSchema = z.object({
  /** That which nodes send in. */
  send: z.int(),
  /** Since when, milliseconds since the epoch of Unix. */
  at: z.number(),
  /** The secrets of this one, the one before and the one after. */
  keys: z.record(z.string().check(z.regex(/^\d+$/)), z.string().check(z.regex(/^[\da-f]{64}$/))),
})

export type Cipher = z.infer<typeof cipherSchema>
export type Epochs = z.infer<typeof epochsSchema>
export type Declared = z.infer<typeof networkSchema>
export type Node = z.infer<typeof nodeSchema>
/** Whose a single address is: of which attachment, and by which call of the plugin. */
export type PlaceOwner = z.infer<typeof placeSchema>

export const keys = {
  network: (name: string): string => `net/${name}`,
  vni: (vni: number): string => `vni/${vni}`,
  node: (id: string): string => `node/${id}`,
  /** Under a lease: who is there. Nothing is ever withdrawn because it is not. */
  alive: (id: string): string => `alive/${id}`,
  /** Whose an address of the underlay is. */
  vtep: (address: string): string => `vtep/${address}`,
  block: (network: string, index: bigint | number): string => `block/${network}/${index}`,
  /** All single addresses where a block would be: that block is nobody's meanwhile. */
  placesIn: (network: string, index: bigint | number): string => `place/${network}/${index}/`,
  /** A single address, in no block of anybody's, by its place in the subnets. */
  place: (network: string, index: bigint, offset: bigint): string => `place/${network}/${index}/${offset}`,
  /** The secrets of encryption. Whoever may read `esp/` has them. */
  epochs: 'esp/epochs',
  cipher: (id: string): string => `esp/node/${id}`,
} as const

/** A block that is somebody's. */
export interface Claimed {
  readonly index: number
  readonly node: string
  readonly createRevision: bigint
  readonly modRevision: bigint
}

/** A single address that is somebody's. */
export interface Place extends PlaceOwner {
  readonly key: string
  readonly index: bigint
  readonly offset: bigint
  readonly modRevision: bigint
}

export interface Cluster {
  readonly networks: ReadonlyMap<string, Declared>
  readonly nodes: ReadonlyMap<string, Node>
  readonly alive: ReadonlySet<string>
  /** By network, in the order in which they were claimed. */
  readonly blocks: ReadonlyMap<string, readonly Claimed[]>
  /** Single addresses, by network. */
  readonly places: ReadonlyMap<string, readonly Place[]>
  readonly epochs: Epochs | undefined
  readonly ciphers: ReadonlyMap<string, Cipher>
  /** Keys that hold what nobody of us has written. */
  readonly garbage: readonly string[]
}

function parsed<T>(schema: z.ZodMiniType<T>, value: string): T | undefined {
  try {
    const found = schema.safeParse(JSON.parse(value))
    return found.success ? found.data : undefined
  } catch {
    return undefined
  }
}

/** What entries say. One that nobody has changed is the same object as before, and is read once. */
const read = new WeakMap<Entry, unknown>()

/** What an entry says, the same object each time; undefined where it makes no sense. */
function once<T>(entry: Entry, reading: (entry: Entry) => T | undefined): T | undefined {
  if (!read.has(entry)) read.set(entry, reading(entry))
  return read.get(entry) as T | undefined
}

const said =
  <T>(schema: z.ZodMiniType<T>) =>
  (entry: Entry): T | undefined =>
    once(entry, ({ value }) => parsed(schema, value))

const networkIn = said(networkSchema)
const nodeIn = said(nodeSchema)
const epochsIn = said(epochsSchema)
const cipherIn = said(cipherSchema)

const claimIn = (entry: Entry, index: number): Claimed | undefined =>
  once(entry, ({ value, createRevision, modRevision }) => {
    const block = parsed(blockSchema, value)
    return block && { index, node: block.node, createRevision, modRevision }
  })

/** What a key of a single address says. */
const placeIn = (entry: Entry, key: string): Place | undefined =>
  once(entry, ({ value, modRevision }) => {
    const [, index, offset] = /^place\/[^/]+\/(\d+)\/(\d+)$/.exec(key) ?? []
    const owner = parsed(placeSchema, value)
    if (index === undefined || offset === undefined || !owner) return undefined
    return { ...owner, key, index: BigInt(index), offset: BigInt(offset), modRevision }
  })

/** In the order in which they were claimed. */
function inTurn(left: Claimed, right: Claimed): number {
  if (left.createRevision === right.createRevision) return left.index - right.index
  return left.createRevision < right.createRevision ? -1 : 1
}

/** Reads everything under the prefix. What makes no sense is named, and otherwise as if it were not there. */
export function clusterOf(entries: Entries): Cluster {
  const networks = new Map<string, Declared>()
  const nodes = new Map<string, Node>()
  const alive = new Set<string>()
  const blocks = new Map<string, Claimed[]>()
  const places = new Map<string, Place[]>()
  const ciphers = new Map<string, Cipher>()
  let epochs: Epochs | undefined
  const garbage: string[] = []
  const keep = <T>(key: string, value: T | undefined, into: (value: T) => void) =>
    value === undefined ? garbage.push(key) : into(value)
  for (const [key, entry] of entries) {
    const [kind, name = '', index] = key.split('/')
    if (kind === 'net') keep(key, networkIn(entry), each => networks.set(name, each))
    else if (kind === 'node') keep(key, nodeIn(entry), each => nodes.set(name, each))
    else if (kind === 'alive') alive.add(name)
    else if (kind === 'block' && /^\d+$/.test(index ?? ''))
      keep(key, claimIn(entry, Number(index)), each => {
        const all = blocks.get(name) ?? []
        all.push(each)
        blocks.set(name, all)
      })
    else if (kind === 'place')
      keep(key, placeIn(entry, key), each => places.set(name, [...(places.get(name) ?? []), each]))
    else if (key === keys.epochs) keep(key, epochsIn(entry), each => (epochs = each))
    else if (kind === 'esp' && name === 'node') keep(key, cipherIn(entry), each => ciphers.set(index ?? '', each))
    else if (kind !== 'vni' && kind !== 'vtep') garbage.push(key)
  }
  return {
    networks,
    nodes,
    alive,
    blocks: new Map([...blocks].map(([name, all]) => [name, all.toSorted(inTurn)])),
    places,
    epochs,
    ciphers,
    garbage,
  }
}
