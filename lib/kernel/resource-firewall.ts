/** Objects of the host's packet filters, as data. */
import type { Owned, Resource } from './resource.ts'

/** An nftables chain, set or map with its fixed content, or one element that belongs to an endpoint. */
export type Nft = Owned & { readonly kind: 'nft'; readonly netns: null; readonly family: 'inet' | 'bridge' } & (
    | {
        readonly object: 'chain'
        readonly name: string
        readonly hook?: string
        readonly rules: readonly string[]
        /** The start of what follows, in a rule, on words that a user wrote. */
        readonly fixed?: string
      }
    | {
        readonly object: 'set' | 'map'
        readonly name: string
        readonly type: string
        readonly interval?: true
        /** Rules fill it, and what they put there expires. */
        readonly expiring?: true
      }
    | {
        readonly object: 'element'
        readonly set: string
        readonly key: string
        readonly data?: string
        readonly comment?: string
        /** The counted link that it goes with. */
        readonly of?: string
      }
  )

export type IptablesTable = 'filter' | 'nat'

/** Which program makes a rule, or what drops what it has no rule for. */
export interface XtablesKind {
  readonly family: 4 | 6
  /** The programs that have this in their name: those without are of nf_tables where there are both, or of either. */
  readonly legacy?: true
}

/** One rule of iptables, or of ip6tables, as its words after the name of the chain. */
export interface Iptables extends Owned, XtablesKind {
  readonly kind: 'iptables'
  readonly netns: null
  readonly table: IptablesTable
  readonly chain: string
  readonly rule: readonly string[]
  /** Before whatever the chain has; of several such rules in a chain, the first that is described comes first. */
  readonly position?: 'first'
  /** The key of the configuration that a user wrote some of the words in. */
  readonly key?: string
}

/** A user chain of iptables. An `own` one goes, with its content, once no rule leads to it. */
export interface IptablesChain extends Owned, XtablesKind {
  readonly kind: 'iptables-chain'
  readonly netns: null
  readonly table: IptablesTable
  readonly chain: string
  /** Of an `own` one: several endpoints may share it, so what it holds already stays; else it is written anew. */
  readonly joined?: true
  /**
   * Of a chain that somebody else made: the rules that lead to it go too, whatever they say; of those with a source only
   * the ones with one of these, where a list is given.
   */
  readonly leading?: 'all' | readonly string[]
}

/** Rules in a table of another program's, known by their comment: described to be removed, and never made. */
export interface NftTagged extends Owned {
  readonly kind: 'nft-tagged'
  readonly lifetime: 'own'
  readonly netns: null
  readonly family: 'ip' | 'ip6' | 'inet'
  readonly table: string
  readonly comment: string
  /** Whether the comment is all of a rule's, or how that begins. */
  readonly match: 'whole' | 'start'
  /** Texts of which a rule must have one. */
  readonly holding?: readonly string[]
}

/** What iptables makes. */
export type Rules = Iptables | IptablesChain

/** An address as a source of a zone of firewalld, until that is reloaded. */
export interface ZoneSource extends Owned {
  readonly kind: 'zone-source'
  readonly netns: null
  readonly zone: string
  /** Address with prefix length. */
  readonly source: string
}

export const isIptables = (resource: Resource): resource is Rules =>
  resource.kind === 'iptables' || resource.kind === 'iptables-chain'
