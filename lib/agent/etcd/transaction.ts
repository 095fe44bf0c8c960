/** Transactions in etcd's messages. Pure. */
import type { MessageInitShape } from '@bufbuild/protobuf'
import type { Entries, Entry, Guard, Step } from './etcd.ts'
import { bytes, rangeOf, text } from './key.ts'
import {
  type CompareSchema,
  type KeyValue,
  type RequestOpSchema,
  Compare_CompareResult as Result,
  Compare_CompareTarget as Target,
  type TxnRequestSchema,
  type TxnResponse,
} from './rpc_pb.ts'

type Compare = MessageInitShape<typeof CompareSchema>
type Operation = MessageInitShape<typeof RequestOpSchema>

const never = {
  result: Result.EQUAL,
  target: Target.CREATE,
  targetUnion: { case: 'createRevision', value: 0n },
} as const

function compareOf(prefix: string, guard: Guard): Compare {
  const key = bytes(prefix + guard.key)
  switch (guard.is) {
    // Of a range, each key has to be so.
    case 'none-under':
      return { ...never, ...rangeOf(prefix + guard.key) }
    case 'absent':
      return { ...never, key }
    case 'present':
      return { ...never, key, result: Result.GREATER }
    case 'unchanged':
      return { key, target: Target.MOD, targetUnion: { case: 'modRevision', value: guard.since } }
    case 'equal':
      return { key, target: Target.VALUE, targetUnion: { case: 'value', value: bytes(guard.value) } }
  }
}

function operationOf(prefix: string, step: Step): Operation {
  if ('put' in step) {
    const value = { key: bytes(prefix + step.put), value: bytes(step.value), lease: step.lease ?? 0n }
    return { request: { case: 'requestPut', value } }
  }
  const value = 'remove' in step ? { key: bytes(prefix + step.remove) } : rangeOf(prefix + step.removeUnder)
  return { request: { case: 'requestDeleteRange', value } }
}

/** The request of a transaction: where a guard fails, all guarded keys are read. */
export function requestOf(
  prefix: string,
  guards: readonly Guard[],
  steps: readonly Step[],
): MessageInitShape<typeof TxnRequestSchema> {
  const ranges = guards.map(({ key, is }) =>
    is === 'none-under' ? rangeOf(prefix + key) : { key: bytes(prefix + key) },
  )
  return {
    compare: guards.map(guard => compareOf(prefix, guard)),
    success: steps.map(step => operationOf(prefix, step)),
    failure: ranges.map(value => ({ request: { case: 'requestRange', value } })),
  }
}

/** What a key holds. */
export const entryOf = ({ value, createRevision, modRevision, lease }: KeyValue): Entry => ({
  value: text(value),
  createRevision,
  modRevision,
  lease,
})

/** The entries of an answer, by keys without the prefix. */
export const entriesOf = (prefix: string, kvs: readonly KeyValue[]): Map<string, Entry> =>
  new Map(kvs.map(kv => [text(kv.key).slice(prefix.length), entryOf(kv)]))

/** What was read because a guard failed. */
export function foundIn(prefix: string, { responses }: TxnResponse): Entries {
  const ranges = responses.flatMap(({ response }) => (response.case === 'responseRange' ? response.value.kvs : []))
  return entriesOf(prefix, ranges)
}
