/** Calls that are answered by a script, for tests of what is built upon them. */
import type { Calls } from '../../../../lib/agent/etcd/call.ts'

export interface Call {
  readonly repeatable: boolean
  readonly method: string
  readonly request: Readonly<Record<string, unknown>>
}

export type Reply = (call: Call) => unknown

/** The first request of a stream, or the one of a call. */
async function requestOf(input: unknown): Promise<Call['request']> {
  const isStream = typeof input === 'object' && input !== null && Symbol.asyncIterator in input
  if (!isStream) return input as Call['request']
  for await (const first of input as AsyncIterable<Call['request']>) return first
  return {}
}

/**
 * @param reply an answer, or an Error to reject with; a `leaseKeepAlive` answers with a stream of one
 * @param repeated what calls say of earlier tries
 */
export function scriptedCalls(reply: Reply, repeated: () => boolean = () => false): Calls {
  const answer = async (repeatable: boolean, method: string, input: unknown) => {
    const made = reply({ repeatable, method, request: await requestOf(input) })
    if (made instanceof Error) throw made
    return made
  }
  const rpc = (repeatable: boolean) => {
    const methods = new Proxy(
      {},
      {
        get: (_, method: string) => (input: unknown) =>
          method === 'leaseKeepAlive'
            ? (async function* () {
                yield await answer(repeatable, method, input)
              })()
            : answer(repeatable, method, input),
      },
    )
    // biome-ignore lint/suspicious/noExplicitAny: stands for all generated clients
    return { url: 'https://m', kv: methods, lease: methods, watch: methods, auth: methods } as any
  }
  return {
    once: ask => ask(rpc(false), { headers: {} }),
    call: async (ask, repeatable) => ({ answer: await ask(rpc(repeatable), { headers: {} }), repeated: repeated() }),
    prove: async () => undefined,
    endpoint: 'https://m',
    close() {},
  }
}
