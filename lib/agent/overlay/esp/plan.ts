/** Which states and policies the kernel should have, and what has to be done for that. Pure. */
import type { Epochs } from '../keys.ts'
import { epochsOf } from './epochs.ts'
import { type End, type State, stateOf } from './seal.ts'

/** What is encrypted, or has to have been: UDP packets between two hosts for a port. */
export interface Policy {
  readonly src: string
  readonly dst: string
  readonly port: number
  readonly direction: 'in' | 'out'
  /** The state that it is sent by. */
  readonly spi?: string
}

/** A state as the kernel lists it. */
export type Listed = Pick<State, 'src' | 'dst' | 'spi'>

export interface Situation {
  readonly self: End
  readonly peers: readonly End[]
  readonly epochs: Epochs
  readonly ports: readonly number[]
}

/** An outgoing state, and the place under which it is known whether one of its epoch was ever used. */
export interface Outgoing {
  readonly state: State
  readonly pair: string
}

export interface Wanted {
  readonly incoming: readonly State[]
  readonly outgoing: readonly Outgoing[]
  readonly policies: readonly Policy[]
}

/** What this host should have. One of the other family cannot be reached. */
export function wantedOf({ self, peers, epochs, ports }: Situation): Wanted {
  const isV6 = ({ address }: End) => address.includes(':')
  const reached = peers.filter(each => isV6(each) === isV6(self))
  const outgoing = reached.map(peer => ({
    state: stateOf(epochs, epochs.send, self, peer),
    pair: `${self.address} ${peer.address} ${peer.nonce}`,
  }))
  return {
    incoming: reached.flatMap(peer => epochsOf(epochs).map(epoch => stateOf(epochs, epoch, peer, self))),
    outgoing,
    policies: outgoing.flatMap(({ state: { src, dst, spi } }) =>
      ports.flatMap((port): Policy[] => [
        { src: dst, dst: src, port, direction: 'in' },
        { src, dst, port, direction: 'out', spi },
      ]),
    ),
  }
}

/** What the kernel knows a state by. */
export const nameOfState = ({ src, dst, spi }: Listed): string => `${src} ${dst} ${spi}`
/** What it knows a policy by, and that with its state. */
export const placeOfPolicy = ({ src, dst, port, direction }: Policy): string => `${src} ${dst} ${port} ${direction}`
export const nameOfPolicy = (policy: Policy): string => `${placeOfPolicy(policy)} ${policy.spi ?? ''}`

/** The last epoch in which something was sent to a host, by pair: since our nonce has been what it is. */
export type Sent = Readonly<Record<string, number>>

/**
 * True where a state to send by is gone that may have been used: to make it again would count from the beginning, and
 * repeat nonces of AES-GCM under one key. Then this host needs another nonce.
 */
export const isBurnt = ({ outgoing }: Wanted, epoch: number, sent: Sent, known: ReadonlySet<string>): boolean =>
  outgoing.some(({ state, pair }) => !known.has(nameOfState(state)) && (sent[pair] ?? 0) >= epoch)

/** The same with what is about to be sent in. */
export const sentWith = (sent: Sent, { outgoing }: Wanted, epoch: number): Sent => ({
  ...sent,
  ...Object.fromEntries(outgoing.map(({ pair }) => [pair, epoch])),
})
