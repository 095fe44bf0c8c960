/** Reading and changing keys. */
import type { Calls } from './call.ts'
import { absent, type Entry, type Etcd, type Guard, type Outcome, type Step, unchanged } from './etcd.ts'
import { EtcdFault, isUnknown } from './fault.ts'
import { bytes, rangeOf } from './key.ts'
import { entriesOf, entryOf, foundIn, requestOf } from './transaction.ts'

export type Keys = Pick<Etcd, 'get' | 'list' | 'transact' | 'create' | 'put' | 'remove'>

const never = (key: string): EtcdFault =>
  new EtcdFault('contended', `Cannot set ${key} in etcd: others change it at the same time. Try again`)

const isSame = (entry: Entry | undefined, value: string, lease: bigint | undefined): boolean =>
  entry?.value === value && entry.lease === (lease ?? 0n)

/** After a put without an answer: it may have been done, and may even be done later, but only once. */
async function putAgain(
  { get, transact }: Pick<Keys, 'get' | 'transact'>,
  key: string,
  value: string,
  lease: bigint | undefined,
): Promise<void> {
  const seen = await get(key)
  if (isSame(seen, value, lease)) return
  const guard = seen ? unchanged(key, seen.modRevision) : absent(key)
  const { done, found } = await transact([guard], [{ put: key, value, lease }])
  if (!done && !isSame(found.get(key), value, lease)) throw never(key)
}

/** The two questions that all others are made of. */
function questions(calls: Calls, prefix: string) {
  const range = async (request: { readonly key: Uint8Array; readonly rangeEnd?: Uint8Array }) =>
    (await calls.call(({ kv }, options) => kv.range(request, options), true)).answer
  const transact = async (guards: readonly Guard[], steps: readonly Step[]): Promise<Outcome> => {
    const request = requestOf(prefix, guards, steps)
    const { answer, repeated } = await calls.call(({ kv }, options) => kv.txn(request, options), guards.length > 0)
    const { succeeded: done, header } = answer
    return { done, repeated, revision: header?.revision ?? 0n, found: foundIn(prefix, answer) }
  }
  return { range, transact }
}

/** Reading and changing keys under a prefix. */
export function keysOf(calls: Calls, prefix: string): Keys {
  const { range, transact } = questions(calls, prefix)
  const get = async (key: string) => {
    const { kvs } = await range({ key: bytes(prefix + key) })
    return kvs[0] && entryOf(kvs[0])
  }
  return {
    get,
    transact,
    async list(under) {
      const { header, kvs } = await range(rangeOf(prefix + under))
      return { revision: header?.revision ?? 0n, entries: entriesOf(prefix, kvs) }
    },
    async create(key, value, lease = 0n) {
      const { done, repeated, revision, found } = await transact([absent(key)], [{ put: key, value, lease }])
      if (done) return { ours: true, entry: { value, createRevision: revision, modRevision: revision, lease } }
      const entry = found.get(key)
      if (!entry) throw never(key)
      return { ours: repeated && entry.value === value, entry }
    },
    async put(key, value, lease) {
      try {
        await transact([], [{ put: key, value, lease }])
      } catch (error) {
        if (!(error instanceof EtcdFault && isUnknown(error))) throw error
        await putAgain({ get, transact }, key, value, lease)
      }
    },
    async remove(key, since) {
      const { done, found } = await transact([unchanged(key, since)], [{ remove: key }])
      return done || !found.has(key)
    },
  }
}
