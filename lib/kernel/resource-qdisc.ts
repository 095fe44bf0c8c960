/** Queueing disciplines and their filters, as data; see tc(8). */
import type { Owned } from './resource.ts'

/** What becomes of packets that have all of the words (tc-u32(8)). */
export interface Filter {
  readonly protocol: 'all' | 'ip' | 'ipv6'
  /** 32 bits as hexadecimal digits, `at` bytes after the start of the network header; none: every packet. */
  readonly words: readonly { readonly value: string; readonly mask: string; readonly at: number }[]
  /** The link that they are led to; absent: they go their way, and no later filter sees them. */
  readonly redirect?: string
}

/** Token bucket before what a link sends, or the hooks beside a link with their filters in order (tc(8)). */
export type Qdisc = Owned & { readonly kind: 'qdisc'; readonly netns: null; readonly dev: string } & (
    | {
        readonly type: 'tbf'
        /** Bytes per second. */
        readonly rate: number
        /** Bytes. */
        readonly burst: number
        readonly limit: number
      }
    | { readonly type: 'clsact'; readonly ingress: readonly Filter[]; readonly egress: readonly Filter[] }
  )
