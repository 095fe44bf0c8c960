/** Runs the plugins of a conflist as libcni does: in order, each with what the one before it answered. */
import { type Answer, type CallOptions, type Conf, call } from './call.ts'
import type { Host } from './host.ts'

export interface Conflist {
  readonly cniVersion: string
  /** Others that it may be read as, for runtimes that know the key. */
  readonly cniVersions?: readonly string[]
  readonly name: string
  readonly plugins: readonly Conf[]
}

/** An attachment, and what a runtime has for the capabilities that a plugin may declare. */
export interface Attachment extends CallOptions {
  readonly containerId: string
  readonly ifName: string
  readonly capabilities?: Readonly<Record<string, unknown>>
}

/** Whom GC shall spare. */
export type Valid = readonly { readonly containerID: string; readonly ifname: string }[]

type Keys = Readonly<Record<string, unknown>>

/** What the runtime knows of a capability reaches only the plugins that declare it. */
function runtimeConfig(plugin: Conf, values: Keys): Keys {
  const declared = Object.entries((plugin.capabilities ?? {}) as Keys).filter(([, wanted]) => wanted === true)
  const given = declared.flatMap(([name]) => (name in values ? [[name, values[name]]] : []))
  return given.length > 0 ? { runtimeConfig: Object.fromEntries(given) } : {}
}

/** GC and STATUS speak of no container: its variables are there, and empty. */
const nobody: CallOptions = { containerId: '', ifName: '', netns: '' }

/** The version that a runtime of today speaks for a list. */
export const versionFor = ({ cniVersion, cniVersions = [] }: Conflist): string =>
  [cniVersion, ...cniVersions].toSorted().at(-1) ?? cniVersion

/** One attachment of one container to the network of a conflist. */
export function chain(host: Host, list: Conflist, attachment: Attachment) {
  const { capabilities = {}, ...options } = attachment
  const { name } = list
  const cniVersion = versionFor(list)
  let final: unknown
  const one = async (operation: string, plugin: Conf, keys: Keys): Promise<Answer> => {
    const shared = ['GC', 'STATUS'].includes(operation)
    const given = shared ? {} : runtimeConfig(plugin, capabilities)
    const conf = { ...plugin, ...given, ...keys, name, cniVersion }
    const answer = await call(host, operation, conf, shared ? nobody : options)
    if (answer.code === 0) return answer
    throw new Error(`${operation} ${plugin.type} of ${name}: ${answer.stdout}${answer.stderr}`)
  }
  const all = async (operation: string, keys: Keys, plugins = list.plugins): Promise<void> => {
    for (const plugin of plugins) await one(operation, plugin, keys)
  }
  const previous = () => (final === undefined ? {} : { prevResult: final })
  return {
    async ADD(): Promise<unknown> {
      let result: unknown
      for (const plugin of list.plugins) {
        const answer = await one('ADD', plugin, result === undefined ? {} : { prevResult: result })
        result = answer.result
      }
      final = result
      return final
    },
    CHECK: () => all('CHECK', previous()),
    STATUS: () => all('STATUS', {}),
    /** The runtime sends the list under the key of the specification and under the one of an earlier draft. */
    GC: (valid: Valid) => all('GC', { 'cni.dev/valid-attachments': valid, 'cni.dev/attachments': valid }),
    async DEL(): Promise<void> {
      await all('DEL', previous(), list.plugins.toReversed())
      final = undefined
    },
  }
}
