/** The port of address management: what cnm needs of an IPAM driver, ours or another vendor's. */
import type { Journal } from '../cni/log.ts'
import type { Request } from '../cni/request.ts'
import type { Result } from '../cni/result.ts'
import type { Host } from '../host/host.ts'
import type { Store } from '../store/store.ts'
import type { Found, Owner } from './lease.ts'

/** A lease as a record remembers it. */
export interface Held {
  readonly directory: string
  readonly address: string
  /** It was the owner's before this ADD: a failure does not take it away. */
  readonly adopted?: true
}

/** What a request for addresses gave. */
export interface Leased {
  /** Addresses, routes and DNS; no interfaces. */
  readonly result: Result
  readonly held: readonly Held[]
}

/** What an IPAM driver works with. `isAbandoned` tells whether a lease's owner is gone for good. */
export interface IpamPorts {
  readonly host: Host
  readonly store: Store
  readonly notes: Journal
  isAbandoned(network: string, lease: Found): Promise<boolean>
}

/** Address management for one network. */
export interface IpamDriver {
  /** On ADD: whether addresses are asked for on a link that stands (dhcp talks through it), or beforehand, as all others. */
  readonly requests?: 'after-links'
  /** On DEL: whether addresses go back while the link still stands (dhcp must say good-bye) or after it is gone. */
  readonly releases: 'before-links' | 'after-links'
  /** It asks a server of this host (Host.ask): without sockets it serves as a process of another build alone. */
  readonly asks?: true
  /**
   * For a driver that is asked when links stand: whether there is any sense in making them.
   *
   * @throws CniError 7 for a configuration that cannot be used
   */
  validate?(request: Request): void
  /**
   * Leases addresses for the request's attachment, those of `keep` again where they are free.
   *
   * @throws CniError 7 for a configuration or wish that cannot be met, 11 where nothing is free
   */
  request(request: Request, keep: readonly Held[]): Promise<Leased>
  /** Gives back what the attachment holds; idempotent. Without `held`, finds it. */
  release(request: Request, held: readonly Held[] | undefined): Promise<void>
  /** @throws CniError where a lease of the attachment is gone; without `held`, finds out which it should have */
  check(request: Request, held: readonly Held[] | undefined): Promise<void>
  /** Gives back whatever belongs to none of the valid attachments. */
  collect(request: Request, valid: readonly Owner[]): Promise<void>
  /** @throws CniError 50 where a request could not succeed */
  status(request: Request): Promise<void>
}

/** Makes a driver from its ports. */
export type IpamFactory = (ports: IpamPorts) => IpamDriver

/** The attachment of a request as an owner of leases. */
export const ownerOf = ({ containerId, ifName }: Request): Owner => ({ containerId, ifName })
