/** The configuration of ipvlan, with what a plugin before it in a list has made. Pure; keys and rules as in the reference. */
import * as z from 'zod/mini'
import { type Decoded, decode } from '../../lib/cni/decode.ts'
import { CniError, code } from '../../lib/cni/error.ts'
import { flag } from '../../lib/cni/leaf.ts'
import type { Request } from '../../lib/cni/request.ts'
import type { Result } from '../../lib/cni/result.ts'
import type { OnParentOptions } from '../../lib/cnm/on-parent.ts'
import { parentKeys, parentOptions } from '../../lib/cnm/parent.ts'
import { previousOf } from '../../lib/cnm/previous.ts'
import { configuredIpam, mtu, vlanId } from '../../lib/cnm/schema.ts'
import { dns } from '../../lib/ipam/schema.ts'

/** The keys that this plugin knows, with their types. */
export const schema = z.object({
  ...parentKeys,
  vlan: vlanId,
  mode: z._default(z.enum(['l2', 'l3', 'l3s']), 'l2'),
  flag: z._default(z.enum(['bridge', 'private', 'vepa']), 'bridge'),
  mtu,
  hostAccess: flag,
  dns: z.exactOptional(dns),
})

export interface Options extends OnParentOptions {
  readonly mode: 'l2' | 'l3' | 'l3s'
  /** Who of the endpoints may reach whom: each other, nobody, or whom the switch outside lets. */
  readonly flag: 'bridge' | 'private' | 'vepa'
}

const refuse = (why: string): CniError => new CniError(code.config, `Cannot use the network configuration: ${why}`)

/** The interface to attach to, where only the plugin before says which. */
function madeBefore(previous: Result): string {
  const [only, ...others] = previous.interfaces
  if (only?.name && others.length === 0) return only.name
  throw refuse('prevResult has not exactly one interface that could be the master. Name it by "master"')
}

/**
 * Reads the configuration.
 *
 * @throws CniError 7
 */
export function readOptions(request: Request): Decoded<Options> {
  const { value: conf, unknown } = decode(schema, request.conf)
  const { mode, flag, mtu, hostAccess, dns } = conf
  if (hostAccess && flag !== 'bridge') throw refuse(`"hostAccess" needs flag bridge: ${flag} keeps the host out`)
  if (hostAccess && conf.linkInContainer) throw refuse('"hostAccess" needs a master of the host, not of the container')
  // What CHECK is given for prevResult is what ADD has answered.
  const given = request.operation === 'ADD' ? previousOf(request) : undefined
  const chosen = parentOptions(conf, conf.vlan)
  const parent = chosen.parent || (given ? madeBefore(given) : '')
  const own = configuredIpam(request.conf) !== ''
  const options = {
    ...chosen,
    parent,
    mode,
    flag,
    mtu,
    mac: undefined,
    hostAccess,
    dns,
    given: own ? undefined : given,
  }
  return { value: options, unknown }
}
