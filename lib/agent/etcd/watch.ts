/** One watch on one member, until it ends. */
import type { Calls } from './call.ts'
import { EtcdFault, faultOf } from './fault.ts'
import { rangeOf, text } from './key.ts'
import { patience, type Rpc } from './member.ts'
import type { Change } from './mirror.ts'
import { type Event, Event_EventType, type WatchResponse } from './rpc_pb.ts'
import { entryOf } from './transaction.ts'

/** What is to be watched. */
export interface Wish {
  /** With the configured prefix. */
  readonly prefix: string
  readonly under: string
  /** The first revision of interest. */
  readonly from: bigint
  readonly signal: AbortSignal
}

/** What a watch tells: that it stands, and then what changes. */
export interface Told {
  stands(endpoint: string): void
  changes(changes: readonly Change[]): void
}

const changesOf = (prefix: string, events: readonly Event[]): Change[] =>
  events.flatMap(({ type, kv }) => {
    if (!kv) return []
    const entry = type === Event_EventType.DELETE ? undefined : entryOf(kv)
    return [{ key: text(kv.key).slice(prefix.length), revision: kv.modRevision, entry }]
  })

function endOf({ compactRevision, cancelReason }: WatchResponse, endpoint: string): EtcdFault {
  if (compactRevision > 0n) return faultOf(new Error('required revision has been compacted'), endpoint)
  const fault = faultOf(new Error(cancelReason), endpoint)
  // etcd 3.4 says so of a token that it does not know, too.
  return fault.kind === 'permission' ? new EtcdFault('token', fault.message) : fault
}

/** Sends the one request, and keeps our half of the stream open. */
async function* request({ prefix, under, from }: Wish, signal: AbortSignal) {
  const value = { ...rangeOf(prefix + under), startRevision: from }
  yield { requestUnion: { case: 'createRequest' as const, value } }
  if (signal.aborted) return
  await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }))
}

async function stream(rpc: Rpc, headers: Record<string, string>, wish: Wish, told: Told): Promise<void> {
  const { url } = rpc
  const over = new AbortController()
  const signal = AbortSignal.any([over.signal, wish.signal])
  let late = false
  const impatient = setTimeout(() => {
    late = true
    over.abort()
  }, patience)
  try {
    // Without a leader a member knows of no changes any more: with this it ends the stream.
    const options = { signal, headers: { ...headers, hasleader: 'true' } }
    for await (const response of rpc.watch.watch(request(wish, signal), options)) {
      clearTimeout(impatient)
      if (response.canceled) throw endOf(response, url)
      if (response.created) told.stands(url)
      if (response.events.length > 0) told.changes(changesOf(wish.prefix, response.events))
    }
    throw new EtcdFault('unreachable', `Cannot watch etcd at ${url} any longer: it ended the stream`)
  } catch (error) {
    if (wish.signal.aborted) return
    const silent = `Cannot watch etcd at ${url}: no answer within ${patience / 1_000} s. See that it runs`
    throw late ? new EtcdFault('overdue', silent, { cause: error }) : error
  } finally {
    clearTimeout(impatient)
    over.abort()
  }
}

/**
 * Watches until the signal says so, on the member whose turn it is.
 *
 * @throws EtcdFault when the stream ends: of kind "compacted" when the revision is too old to go on from
 */
export const watch = (calls: Calls, wish: Wish, told: Told): Promise<void> =>
  calls.once((rpc, { headers }) => stream(rpc, headers, wish, told))
