/** The configuration of firewall. Pure; keys and rules as in the reference, with keys of our own beside them. */
import * as z from 'zod/mini'
import { type Decoded, decode } from '../../lib/cni/decode.ts'
import { CniError, code } from '../../lib/cni/error.ts'
import { pickString } from '../../lib/cni/json.ts'
import type { Request } from '../../lib/cni/request.ts'
import type { Policy } from '../../lib/kernel/isolation.ts'
import { hostAccesses, isolations } from '../../lib/kernel/isolation-rules.ts'
import { isToken } from '../../lib/kernel/token.ts'

const chain = z.string().check(
  z.refine(name => /^[A-Za-z0-9_.][A-Za-z0-9_.-]*$/.test(name) && name.length <= 28, {
    error: 'must be the name of a chain: 1 to 28 letters, digits, "_", "." or "-"',
  }),
)
const zone = z.string().check(z.refine(isToken, { error: 'must be the name of a zone of firewalld' }))

const schema = z.object({
  backend: z._default(z.string(), 'auto'),
  iptablesAdminChainName: z._default(chain, 'CNI-ADMIN'),
  firewalldZone: z._default(zone, 'trusted'),
  ingressPolicy: z._default(z.enum(['open', 'same-bridge', 'isolated']), 'open'),
  isolation: z._default(z.enum(isolations), 'open'),
  hostAccess: z._default(z.enum(hostAccesses), 'all'),
})

type Conf = z.infer<typeof schema>

export interface Options {
  readonly network: string
  /** `nftables` adds what the host's other firewalls need; `firewalld` insists on that one. */
  readonly backend: 'nftables' | 'firewalld'
  readonly adminChain: string
  readonly zone: string
  readonly policy: Policy
  /** The bridge driver asks for its own endpoint, and keeps isolated ports apart by a flag of theirs. */
  readonly portIsolated: boolean
}

/** The rules of the reference plugin, in iptables. */
function iptablesBackend(): never {
  const msg = 'Cannot use "backend": "iptables": this version filters by nftables'
  throw new CniError(code.unsupportedField, `${msg}. Leave the key out, or set "nftables"`)
}

function backendOf({ backend }: Conf): Options['backend'] {
  if (backend === 'auto' || backend === 'nftables') return 'nftables'
  if (backend === 'firewalld') return backend
  if (backend === 'iptables') return iptablesBackend()
  const known = 'the known backends are "auto", "nftables", "iptables" and "firewalld"'
  throw new CniError(code.config, `Cannot use "backend": ${JSON.stringify(backend)}: ${known}`)
}

/** The reference's policies close published ports to other networks as well. */
function policyOf({ ingressPolicy, isolation, hostAccess }: Conf): Policy {
  if (ingressPolicy === 'open') return { isolation, hostAccess, strict: false }
  if (isolation !== 'open') {
    const msg = `Cannot use "isolation": "${isolation}" with "ingressPolicy": "${ingressPolicy}": both say who may enter`
    throw new CniError(code.config, `${msg}. Leave one of the two out`)
  }
  const same = ingressPolicy === 'same-bridge' ? 'same-network' : ingressPolicy
  return { isolation: same, hostAccess, strict: true }
}

/**
 * Reads the configuration.
 *
 * @throws CniError 2 for a backend that is not supported, 7 for the rest
 */
export function readOptions(request: Request): Decoded<Options> {
  const { value: conf, unknown } = decode(schema, request.conf)
  const value = {
    network: request.network,
    backend: backendOf(conf),
    adminChain: conf.iptablesAdminChainName,
    zone: conf.firewalldZone,
    policy: policyOf(conf),
    portIsolated: pickString(request.conf, 'type') === 'bridge',
  }
  return { value, unknown }
}
