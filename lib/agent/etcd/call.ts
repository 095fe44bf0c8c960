/** Calls to whichever member answers. */
import type { CallOptions } from '@connectrpc/connect'
import { EtcdFault, faultOf, isForAnother, isUndone } from './fault.ts'
import { bytes } from './key.ts'
import { type Member, openMember, patience, type Rpc } from './member.ts'
import type { EtcdOptions } from './options.ts'
import { type Ring, ringOf } from './ring.ts'
import { type Tokens, tokensOf } from './token.ts'

/** A question to a member, with the options that every call has: the token, and until when to answer. */
export type Ask<T> = (rpc: Rpc, options: CallOptions & { readonly headers: Record<string, string> }) => Promise<T>

export interface Answered<T> {
  readonly answer: T
  /** An earlier try may have been done as well. */
  readonly repeated: boolean
}

export interface Calls {
  /**
   * Asks the member whose turn it is, and leaves it if it does not answer.
   *
   * @throws EtcdFault
   */
  once<T>(ask: Ask<T>): Promise<T>
  /**
   * Asks until one member has answered or all were asked. What a member has not done for sure, as it did not let us in, is
   * asked again in any case.
   *
   * @param repeatable whether doing it twice is the same as once
   * @throws EtcdFault
   */
  call<T>(ask: Ask<T>, repeatable: boolean): Promise<Answered<T>>
  /** Ends connections at once where the member in turn does not answer: the address that they are from may be gone. */
  prove(): Promise<void>
  /** The endpoint whose turn it is. */
  readonly endpoint: string
  close(): void
}

/** Milliseconds for a member that has to prove that it is there. */
const moment = 1_000

async function once<T>(ring: Ring<Member>, tokens: Tokens, ask: Ask<T>): Promise<T> {
  const member = ring.current
  let token: string | undefined
  try {
    const rpc = member.rpc()
    token = await tokens.of(member, rpc)
    return await ask(rpc, { timeoutMs: patience, headers: token === undefined ? {} : { token } })
  } catch (error) {
    const fault = faultOf(error, member.url)
    if (fault.kind === 'token') tokens.forget(token)
    if (isForAnother(fault)) ring.leave(member)
    throw fault
  }
}

/** Whether to ask again, fault after fault. */
function retries(repeatable: boolean, members: number) {
  let [tries, renewed, repeated] = [0, false, false]
  return {
    repeated: () => repeated,
    again(fault: EtcdFault): boolean {
      repeated ||= isForAnother(fault) && !isUndone(fault)
      if (fault.kind === 'token' && !renewed) {
        renewed = true
        return true
      }
      tries += 1
      return (repeatable || isUndone(fault)) && isForAnother(fault) && tries < Math.max(2, members)
    },
  }
}

/** Calls to the members that a configuration names. */
export function callsTo(options: EtcdOptions): Calls {
  const [first = '', ...others] = options.endpoints
  const ring = ringOf([openMember(first, options), ...others.map(url => openMember(url, options))])
  const tokens = tokensOf(options)
  let closed = false
  const ask = <T>(question: Ask<T>): Promise<T> => {
    // A try on the next member would connect anew.
    if (closed) return Promise.reject(new EtcdFault('closed', 'Cannot ask etcd: the client is closed'))
    return once(ring, tokens, question)
  }
  return {
    once: ask,
    async call(question, repeatable) {
      const { again, repeated } = retries(repeatable, ring.all.length)
      for (;;) {
        try {
          return { answer: await ask(question), repeated: repeated() }
        } catch (error) {
          if (!again(error as EtcdFault)) throw error
        }
      }
    },
    async prove() {
      const { url, rpc } = ring.current
      try {
        // Whatever it says, it is there.
        await rpc().kv.range({ key: bytes(options.prefix) }, { timeoutMs: moment })
      } catch (error) {
        if (!closed && isForAnother(faultOf(error, url))) for (const member of ring.all) member.close()
      }
    },
    get endpoint() {
      return ring.current.url
    },
    close() {
      closed = true
      for (const member of ring.all) member.close()
    },
  }
}
