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
})
const nodeSchema = z.object({ address: z.string(), name: z.string() })
const blockSchema = z.object({ node: z.string() })

export type Declared = z.infer<typeof networkSchema>
export type Node = z.infer<typeof nodeSchema>

export const keys = {
  network: (name: string): string => `net/${name}`,
  vni: (vni: number): string => `vni/${vni}`,
  node: (id: string): string => `node/${id}`,
  /** Under a lease: who is there. Nothing is ever withdrawn because it is not. */
  alive: (id: string): string => `alive/${id}`,
  /** Whose an address of the underlay is. */
  vtep: (address: string): string => `vtep/${address}`,
  block: (network: string, index: number): string => `block/${network}/${index}`,
} as const

/** A block that is somebody's. */
export interface Claimed {
  readonly index: number
  readonly node: string
  readonly createRevision: bigint
  readonly modRevision: bigint
}

export interface Cluster {
  readonly networks: ReadonlyMap<string, Declared>
  readonly nodes: ReadonlyMap<string, Node>
  readonly alive: ReadonlySet<string>
  /** By network, in the order in which they were claimed. */
  readonly blocks: ReadonlyMap<string, readonly Claimed[]>
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

const claimIn = (entry: Entry, index: number): Claimed | undefined =>
  once(entry, ({ value, createRevision, modRevision }) => {
    const block = parsed(blockSchema, value)
    return block && { index, node: block.node, createRevision, modRevision }
  })

/** Reads everything under the prefix. What makes no sense is named, and otherwise as if it were not there. */
export function clusterOf(entries: Entries): Cluster {
  const networks = new Map<string, Declared>()
  const nodes = new Map<string, Node>()
  const alive = new Set<string>()
  const blocks = new Map<string, Claimed[]>()
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
    else if (kind !== 'vni' && kind !== 'vtep') garbage.push(key)
  }
  const inTurn = (left: Claimed, right: Claimed) =>
    left.createRevision === right.createRevision
      ? left.index - right.index
      : left.createRevision < right.createRevision
        ? -1
        : 1
  return {
    networks,
    nodes,
    alive,
    blocks: new Map([...blocks].map(([name, all]) => [name, all.toSorted(inTurn)])),
    garbage,
  }
}
