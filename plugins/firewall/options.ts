/** The configuration of firewall. Pure; keys and rules as in the reference, with keys of our own beside them. */
import * as z from 'zod/mini'
import { type Decoded, decode, ready } from '../../lib/cni/decode.ts'
import { CniError, code } from '../../lib/cni/error.ts'
import { pickString } from '../../lib/cni/json.ts'
import type { Request } from '../../lib/cni/request.ts'
import type { Policy } from '../../lib/kernel/isolation.ts'
import { hostAccesses, isolations } from '../../lib/kernel/isolation-rules.ts'
import { isChainName, isToken } from '../../lib/kernel/token.ts'

/** Chains and targets that iptables has, and chains that this plugin has. */
const taken = /^(ACCEPT|DROP|RETURN|QUEUE|REJECT|LOG|MARK|INPUT|FORWARD|OUTPUT|CNI-(FORWARD|ISOLATION-STAGE-[12]))$/

const chain = z.string().check(
  z.refine(name => isChainName(name) && !taken.test(name), {
    error: 'must be the name of a chain of your own: 1 to 28 letters, digits, "_", "." or "-"',
  }),
)
const zone = z.string().check(z.refine(isToken, { error: 'must be the name of a zone of firewalld' }))

/** The keys that this plugin knows, with their types. */
export const schema = ready(
  z.object({
    backend: z._default(z.string(), 'auto'),
    iptablesAdminChainName: z._default(chain, 'CNI-ADMIN'),
    firewalldZone: z._default(zone, 'trusted'),
    ingressPolicy: z._default(z.enum(['open', 'same-bridge', 'isolated']), 'open'),
    isolation: z.exactOptional(z.enum(isolations)),
    hostAccess: z._default(z.enum(hostAccesses), 'all'),
  }),
)

type Conf = z.infer<typeof schema>

export interface Options {
  readonly network: string
  /** `nftables` adds what the host's other firewalls need; `firewalld` insists on that one. */
  readonly backend: 'nftables' | 'iptables' | 'firewalld'
  readonly adminChain: string
  readonly zone: string
  readonly ingressPolicy: Conf['ingressPolicy']
  readonly policy: Policy
  /** The bridge driver asks for its own endpoint, and keeps isolated ports apart by a flag of theirs. */
  readonly portIsolated: boolean
}

/** What the host has by default counts where the configuration leaves the choice. */
function backendOf({ backend, isolation = 'open', hostAccess }: Conf, { defaults }: Request): Options['backend'] {
  const chosen = backend === 'auto' ? (defaults?.backend ?? 'nftables') : backend
  if (chosen === 'nftables' || chosen === 'firewalld') return chosen
  if (chosen !== 'iptables') {
    const known = 'the known backends are "auto", "nftables", "iptables" and "firewalld"'
    throw new CniError(code.config, `Cannot use "backend": ${JSON.stringify(backend)}: ${known}`)
  }
  if (isolation === 'open' && hostAccess === 'all') return chosen
  const msg = 'Cannot use "isolation" or "hostAccess" with the backend iptables: they are held by nftables'
  throw new CniError(code.unsupportedField, `${msg}. Set "backend": "nftables", or use "ingressPolicy"`)
}

/** The reference's policies close published ports to other networks as well. */
function policyOf({ ingressPolicy, isolation, hostAccess }: Conf): Policy {
  if (ingressPolicy === 'open') {
    return { isolation: isolation ?? 'open', hostAccess, strict: false, exempt: isolation === 'open' }
  }
  if (isolation !== undefined) {
    const msg = `Cannot use "isolation": "${isolation}" with "ingressPolicy": "${ingressPolicy}": both say who may enter`
    throw new CniError(code.config, `${msg}. Leave one of the two out`)
  }
  const same = ingressPolicy === 'same-bridge' ? 'same-network' : ingressPolicy
  return { isolation: same, hostAccess, strict: true, exempt: false }
}

/**
 * Reads the configuration.
 *
 * @throws CniError 2 for what the backend cannot do, 7 for the rest
 */
export function readOptions(request: Request): Decoded<Options> {
  const { value: conf, unknown } = decode(schema, request.conf)
  const value = {
    network: request.network,
    backend: backendOf(conf, request),
    adminChain: conf.iptablesAdminChainName,
    zone: conf.firewalldZone,
    ingressPolicy: conf.ingressPolicy,
    policy: policyOf(conf),
    portIsolated: pickString(request.conf, 'type') === 'bridge',
  }
  return { value, unknown }
}
