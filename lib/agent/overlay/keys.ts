/** What is under our prefix in etcd: keys, and what they hold. Pure. */
import * as z from 'zod/mini'
import { hostAddress } from '../../ipam/schema.ts'

/** A network as its first host has declared it: the others' files have to say the same. */
export const networkSchema = z.object({
  vni: z.number(),
  port: z.number(),
  mode: z.enum(['l2', 'l3']),
  subnets: z.array(z.object({ subnet: z.string(), gateway: z.string() })),
  blockSize: z.number(),
  encrypted: z._default(z.boolean(), false),
})
export const nodeSchema = z.object({
  address: hostAddress,
  name: z.string(),
  /** Of the host's disk, so that another host with the same id is not taken for it. */
  instance: z.exactOptional(z.string()),
})
export const blockSchema = z.object({ node: z.string() })
export const placeSchema = z.object({ node: z.string(), owner: z.string(), call: z.string() })

/** What a node tells of its encryption; all absent: it can, and has nothing to encrypt now. */
export const cipherSchema = z.object({
  /** Fresh whenever its kernel has lost its states: a part of all keys from and to it. */
  nonce: z.exactOptional(z.string().check(z.regex(/^[\da-f]{32}$/))),
  /** Up to this epoch it understands all nodes. */
  ready: z.exactOptional(z.int()),
  /** Why it cannot. */
  lacks: z.exactOptional(z.string()),
})
export const epochsSchema = z.object({
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
