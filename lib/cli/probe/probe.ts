/** Whether packets of full size pass between two hosts of an overlay, and what to do where they do not. */
import { once } from 'node:events'
import { journal } from '../../cni/log.ts'
import { operation, type Ports, portsOf } from '../../cnm/ports.ts'
import type { Host } from '../../host/host.ts'
import { printLines } from '../print.ts'
import { withProgress } from '../progress.ts'
import { answering } from './listen.ts'
import { observe } from './observe.ts'
import { type Place, peerAddress, placeOf } from './place.ts'
import { type Verdict, verdictOf } from './verdict.ts'

export interface Wishes {
  readonly network: string | undefined
  readonly confDir: string
  readonly port: number
}

const at = (host: Host, { network, confDir }: Wishes): Promise<readonly [Ports, Place]> =>
  portsOf(host, journal(), { ipam: {}, chained: {} }).then(ports =>
    operation(ports, 'probe an overlay', async () => [ports, await placeOf(ports, confDir, network)] as const),
  )

/**
 * Answers who probes this host, until SIGTERM or SIGINT.
 *
 * @throws CniError 7 for a network that does not stand here, Error where it cannot listen
 */
export async function probeListen(host: Host, wishes: Wishes): Promise<void> {
  const [, { own, options }] = await at(host, wishes)
  const close = await answering(own, wishes.port)
  await printLines(host, [
    `answering at ${own}; on the other host run: fairlead overlay probe ${options.underlay.address} --network ${options.network}`,
  ])
  await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')])
  close()
}

/**
 * Probes the way to another host.
 *
 * @throws CniError 7 for a network that does not stand here, and for what is no host of it
 */
export async function probe(host: Host, peer: string, wishes: Wishes): Promise<Verdict> {
  const [, place] = await at(host, wishes)
  const { own, mtu, options } = place
  const to = peerAddress(place, peer)
  const observed = await withProgress(host, tell => observe({ from: own, to, port: wishes.port }, mtu, tell))
  const parties = { network: options.network, here: options.underlay.address, peer, port: wishes.port }
  return verdictOf(parties, observed)
}
