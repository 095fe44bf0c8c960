/** Neighbours as data. */
import type { Owned } from './resource.ts'

/** Whose MAC an address has, said once and for all: nobody is asked. */
export interface Neighbour extends Owned {
  readonly kind: 'neighbour'
  readonly dev: string
  /** Without prefix length. */
  readonly address: string
  readonly mac: string
}
