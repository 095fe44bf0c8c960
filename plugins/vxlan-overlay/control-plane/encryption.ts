/**
 * Whether what goes to other hosts is encrypted. Keys are the agent's: it has the kernel encrypt for a pair of hosts, tells
 * plugins on this host that it does, and they ask nobody but their disk. That nothing goes in the clear meanwhile does not
 * depend on it.
 */
import { CniError, code } from '../../../lib/cni/error.ts'
import type { Request } from '../../../lib/cni/request.ts'
import { patiently } from '../../../lib/cnm/patience.ts'
import type { Ports } from '../../../lib/cnm/ports.ts'
import { tunnelsInUse } from '../../../lib/cnm/remotes.ts'
import { tunnelName } from '../../../lib/kernel/tunnel-names.ts'
import { bootId } from '../../../lib/store/boot.ts'
import type { Store } from '../../../lib/store/store.ts'
import { type Conf, vniOf } from '../schema.ts'
import { refuse } from './blocks.ts'
import { wantedPlace } from './etcd.ts'

/** VXLAN's own (RFC 7348, section 8), and the one next to it for networks that are encrypted: policies are by port. */
const ports = { clear: 4789, encrypted: 4790 } as const

/** The UDP port of a network. */
export const portOf = ({ port, encrypted }: Pick<Conf, 'port' | 'encrypted'>): number =>
  port ?? (encrypted ? ports.encrypted : ports.clear)

/**
 * Without somebody who tells the other hosts, a host that has restarted would use its keys from the beginning again: the
 * same nonces of AES-GCM, which must never be (RFC 4106, section 9).
 *
 * @throws CniError 7 for a network that cannot be encrypted
 */
export function checkEncrypted({ encrypted, controlPlane: { type }, port }: Conf): void {
  if (!encrypted) return
  if (type !== 'etcd')
    throw refuse(
      `"encrypted" needs fresh keys whenever a host has restarted, and "controlPlane": "${type}" has nobody who makes them. Use "etcd"`,
    )
  if (port === ports.clear)
    throw refuse(
      `port ${port} is for VXLAN in the clear, and would be blocked for it. Leave out "port", or choose another`,
    )
}

/**
 * One port is either for what is encrypted or for what is not.
 *
 * @throws CniError 7 where another network of this host has the port for the other
 */
async function needPort(store: Store, conf: Conf, network: string): Promise<void> {
  const port = portOf(conf)
  if (!conf.encrypted && port === ports.clear) return
  const others = await tunnelsInUse(store, tunnelName(vniOf(conf, network)))
  const other = others.find(each => each.port === port && (each.encrypted === true) !== conf.encrypted)
  if (!other) return
  const theirs = other.encrypted ? 'is encrypted' : 'is in the clear'
  throw refuse(`port ${port} is that of ${other.dev}, which ${theirs}. Choose another "port" on all hosts`)
}

const [area, name, wish] = ['overlay-agent', 'encryption', 'encryption'] as const

/** How it is on this host, as the agent tells plugins. */
export interface Encryption {
  /** In which boot: what the kernel had before is gone. */
  readonly boot: string
  /** The kernel encrypts; otherwise it would, once a container needs it. */
  readonly ready: boolean
  /** Why this host cannot encrypt; absent where it can. */
  readonly lacks?: string
  /** Hosts that do not encrypt, by network: nothing goes there. */
  readonly silent: Readonly<Record<string, readonly string[]>>
}

/** The latest; undefined where the agent has not told in this boot. */
async function encryptionNow({ host, store }: Pick<Ports, 'host' | 'store'>): Promise<Encryption | undefined> {
  const known = (await store.get(area, name)) as Encryption | undefined
  return known?.boot === (await bootId(host)) ? known : undefined
}

/** Tells plugins; undefined: no network of this host is encrypted. */
export async function tellEncryption(store: Store, state: Encryption | undefined): Promise<void> {
  if (JSON.stringify(await store.get(area, name)) === JSON.stringify(state)) return
  await (state ? store.put(area, name, state) : store.drop(area, name))
}

/** Milliseconds after which whoever wished for it has it, or has given up. */
const patience = 60_000

/**
 * True while an ADD waits for the kernel to encrypt, or containers need it.
 *
 * @param isUsed there are containers that do: then no wish is needed any more
 */
export async function isEncryptionWanted(
  { host, store }: Pick<Ports, 'host' | 'store'>,
  isUsed: boolean,
): Promise<boolean> {
  const at = await store.written(wantedPlace, wish)
  if (at !== undefined && (isUsed || host.now() - at > patience)) await store.drop(wantedPlace, wish)
  return isUsed || (at !== undefined && host.now() - at <= patience)
}

const lacking = (network: string, lacks: string): CniError =>
  new CniError(code.notAvailable, `Cannot use the encrypted network ${network}: ${lacks}`)

/**
 * Waits, at an ADD, until this host encrypts.
 *
 * @throws CniError 7 for a port that is in use otherwise, 11 where the agent does not tell for some seconds, 50 where this
 * host cannot encrypt
 */
export async function needEncryption(own: Pick<Ports, 'host' | 'store'>, request: Request, conf: Conf): Promise<void> {
  checkEncrypted(conf)
  await needPort(own.store, conf, request.network)
  if (!conf.encrypted) return
  const now = await encryptionNow(own)
  // STATUS has to tell what no waiting helps against.
  if (request.operation === 'STATUS' && now?.lacks !== undefined) throw lacking(request.network, now.lacks)
  if (request.operation !== 'ADD') return
  const told = async () => {
    const state = await encryptionNow(own)
    return state?.ready || state?.lacks !== undefined ? state : undefined
  }
  if (!(await told())) await own.store.put(wantedPlace, wish, {})
  const msg = `Cannot use the encrypted network ${request.network}: "fairlead agent" has not told that this host encrypts`
  const { lacks } = await patiently(own.host, `${msg}; see that it runs, and its log. Waited`, told)
  if (lacks !== undefined) throw lacking(request.network, lacks)
}

/**
 * STATUS of an encrypted network.
 *
 * @throws CniError 50 where this host cannot encrypt, 51 where another one does not
 */
export async function checkEncryption(own: Pick<Ports, 'host' | 'store'>, { network }: Request): Promise<void> {
  const state = await encryptionNow(own)
  if (!state) throw lacking(network, '"fairlead agent" has not told that this host can. See that it runs, and its log')
  if (state.lacks !== undefined) throw lacking(network, state.lacks)
  const silent = state.silent[network] ?? []
  if (silent.length === 0) return
  const msg = `Cannot reach ${silent.join(' and ')} in network ${network}: there is no encryption there`
  throw new CniError(code.limited, `${msg}, so nothing goes there. See the log of "fairlead agent" on that host`)
}
