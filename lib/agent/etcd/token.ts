/** The token of a user: asked for with the first call, and anew when a member does not know it any more. */
import { faultOf } from './fault.ts'
import type { Member, Rpc } from './member.ts'
import { patience } from './member.ts'
import type { EtcdOptions } from './options.ts'
import { readSecret } from './secret.ts'

export interface Tokens {
  /** Undefined where nobody has to log in. */
  of(member: Member, rpc: Rpc): Promise<string | undefined>
  /** After a member refused it. */
  forget(token: string | undefined): void
}

/** The password is the first line of its file: most editors end it with a line break. */
const firstLine = (text: string): string => text.split(/\r?\n/, 1)[0] ?? ''

/** The tokens of the user of a configuration. The password's file is read each time, as it may have been corrected. */
export function tokensOf({ user, passwordFile }: EtcdOptions): Tokens {
  let last: { readonly token: string | undefined } | undefined
  let asking: Promise<string | undefined> | undefined
  const logIn = async ({ auth }: Rpc, name: string, file: string): Promise<string | undefined> => {
    const password = firstLine(readSecret(file, 'the password'))
    try {
      return (await auth.authenticate({ name, password }, { timeoutMs: patience })).token
    } catch (error) {
      // As etcd's own clients: a cluster that does not ask for users serves everybody.
      if (/authentication is not enabled/.test(String(error))) return undefined
      throw error
    }
  }
  return {
    async of(member, rpc) {
      if (user === undefined || passwordFile === undefined) return undefined
      if (last) return last.token
      asking ??= logIn(rpc, user, passwordFile).finally(() => {
        asking = undefined
      })
      try {
        const token = await asking
        last = { token }
        return token
      } catch (error) {
        throw faultOf(error, member.url)
      }
    },
    forget(token) {
      if (last?.token === token) last = undefined
    },
  }
}
