/** What is known of all hosts, as the entries under our prefix in etcd say it. Pure. */
import type * as z from 'zod/mini'
import type { Entries, Entry } from '../etcd/etcd.ts'
import {
  blockSchema,
  type Cipher,
  cipherSchema,
  type Declared,
  type Epochs,
  epochsSchema,
  type Node,
  networkSchema,
  nodeSchema,
  type PlaceOwner,
  placeSchema,
} from './keys.ts'

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
  /** Whose an address of the underlay is. */
  readonly vteps: ReadonlyMap<string, string>
  /** Nodes whose agents are there, with the leases that say so. */
  readonly alive: ReadonlyMap<string, bigint>
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
/** What the record of a node says; undefined where it makes no sense. */
export const nodeIn = said(nodeSchema)
const epochsIn = said(epochsSchema)
const cipherIn = said(cipherSchema)

const claimIn = (entry: Entry, index: string): Claimed | undefined =>
  once(entry, ({ value, createRevision, modRevision }) => {
    const block = /^(0|[1-9]\d{0,8})$/.test(index) ? parsed(blockSchema, value) : undefined
    return block && { index: Number(index), node: block.node, createRevision, modRevision }
  })

const placeIn = (entry: Entry, key: string): Place | undefined =>
  once(entry, ({ value, modRevision }) => {
    const [, index, offset] = /^place\/[^/]+\/(\d+)\/(\d+)$/.exec(key) ?? []
    const owner = parsed(placeSchema, value)
    if (index === undefined || offset === undefined || !owner) return undefined
    return { ...owner, key, index: BigInt(index), offset: BigInt(offset), modRevision }
  })

/** A cluster that is being read. */
const nothing = () => ({
  networks: new Map<string, Declared>(),
  nodes: new Map<string, Node>(),
  vteps: new Map<string, string>(),
  alive: new Map<string, bigint>(),
  blocks: new Map<string, Claimed[]>(),
  places: new Map<string, Place[]>(),
  epochs: undefined as Epochs | undefined,
  ciphers: new Map<string, Cipher>(),
})
type Found = ReturnType<typeof nothing>

function put<T>(into: Map<string, T>, name: string, value: T | undefined): boolean {
  if (value !== undefined) into.set(name, value)
  return value !== undefined
}

function append<T>(into: Map<string, T[]>, name: string, value: T | undefined): boolean {
  const all = into.get(name) ?? []
  if (value === undefined) return false
  all.push(value)
  into.set(name, all)
  return true
}

function encryption(found: Found, what: string, id: string, entry: Entry): boolean {
  if (what === 'node') return put(found.ciphers, id, cipherIn(entry))
  const epochs = what === 'epochs' ? epochsIn(entry) : undefined
  if (epochs) found.epochs = epochs
  return epochs !== undefined
}

/** Takes in an entry; false where it makes no sense. */
function takeIn(found: Found, key: string, entry: Entry): boolean {
  const [kind, name = '', rest = ''] = key.split('/')
  switch (kind) {
    case 'net':
      return put(found.networks, name, networkIn(entry))
    case 'node':
      return put(found.nodes, name, nodeIn(entry))
    case 'vtep':
      return put(found.vteps, name, entry.value)
    case 'alive':
      return put(found.alive, name, entry.lease)
    case 'block':
      return append(found.blocks, name, claimIn(entry, rest))
    case 'place':
      return append(found.places, name, placeIn(entry, key))
    case 'esp':
      return encryption(found, name, rest, entry)
    default:
      return kind === 'vni'
  }
}

/** In the order in which they were claimed. */
function inTurn(left: Claimed, right: Claimed): number {
  if (left.createRevision === right.createRevision) return left.index - right.index
  return left.createRevision < right.createRevision ? -1 : 1
}

/** Reads everything under the prefix. What makes no sense is named, and otherwise as if it were not there. */
export function clusterOf(entries: Entries): Cluster {
  const found = nothing()
  const garbage: string[] = []
  for (const [key, entry] of entries) if (!takeIn(found, key, entry)) garbage.push(key)
  const blocks = new Map([...found.blocks].map(([name, all]) => [name, all.toSorted(inTurn)]))
  return { ...found, blocks, garbage }
}
