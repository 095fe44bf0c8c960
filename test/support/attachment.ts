/** The attachment that the robustness tests make and take away again: everything that a bridge network offers at once. */
import { bridgeConf, type CallOptions, type Conf, hostLocal, must } from './call.ts'
import type { Host } from './host.ts'
import { type State, stateOf } from './state.ts'

/** Dual stack, gateway, masquerade and source MAC filter. */
export const fullConf = bridgeConf({ macspoofchk: true, ipam: hostLocal('10.88.0.0/16', 'fd00:88::/64') })

/** The same network with its masquerade in iptables. */
export const iptablesConf: Conf = { ...fullConf, ipMasqBackend: 'iptables' }

/** The same call for a GC by which no attachment is valid. */
export const collecting = (conf: Conf): Conf => ({ ...conf, 'cni.dev/valid-attachments': [] })
export const collectAll = collecting(fullConf)

let made = 0

/**
 * A sandbox and a container ID of its own. A clean-up ends the processes that work for its attachment, wherever they are:
 * two hosts of tests must not use one ID at a time.
 */
export async function container(host: Host): Promise<CallOptions> {
  return { netns: await host.sandbox('a'), containerId: `c${process.pid}-${++made}` }
}

/** One ADD and DEL, after which what is shared stands; and that state. */
export async function warmUp(host: Host, options: CallOptions, conf: Conf = fullConf): Promise<State> {
  await must(host, 'ADD', conf, options)
  await must(host, 'DEL', conf, options)
  return stateOf(host)
}
