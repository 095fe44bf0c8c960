/** The configuration of bridge, with what the runtime adds to it. Pure; keys and rules as in the reference. */
import * as z from 'zod/mini'
import { type Decoded, decode } from '../../lib/cni/decode.ts'
import { CniError, code } from '../../lib/cni/error.ts'
import { wantedMac } from '../../lib/cni/mac.ts'
import type { Request } from '../../lib/cni/request.ts'
import { configuredIpam, flag, linkName, mtu } from '../../lib/cnm/schema.ts'
import { dns } from '../../lib/ipam/schema.ts'
import { hostFirewalls } from '../../lib/kernel/vetting.ts'

/** The keys that this plugin knows, with their types. */
export const schema = z.object({
  bridge: z._default(linkName, 'cni0'),
  isGateway: flag,
  isDefaultGateway: flag,
  forceAddress: flag,
  ipMasq: flag,
  ipMasqBackend: z.exactOptional(z.string()),
  mtu,
  hairpinMode: flag,
  promiscMode: flag,
  macspoofchk: flag,
  enabledad: flag,
  disableContainerInterface: flag,
  portIsolation: flag,
  vlan: z._default(z.int(), 0),
  vlanTrunk: z._default(z.array(z.unknown()), []),
  preserveDefaultVlan: flag,
  dns: z.exactOptional(dns),
  // The features read these by themselves.
  snat: z.exactOptional(z.boolean()),
  masqAll: z.exactOptional(z.boolean()),
  hostFirewall: z.exactOptional(z.enum(hostFirewalls)),
  conditionsV4: z.exactOptional(z.array(z.string())),
  conditionsV6: z.exactOptional(z.array(z.string())),
  ingressRate: z.exactOptional(z.int()),
  ingressBurst: z.exactOptional(z.int()),
  egressRate: z.exactOptional(z.int()),
  egressBurst: z.exactOptional(z.int()),
  shapedSubnets: z.exactOptional(z.array(z.string())),
  unshapedSubnets: z.exactOptional(z.array(z.string())),
  sysctl: z.exactOptional(z.record(z.string(), z.unknown())),
  isolation: z.exactOptional(z.string()),
  hostAccess: z.exactOptional(z.string()),
})

type Conf = z.infer<typeof schema>

export interface Options extends Omit<Conf, 'vlan' | 'vlanTrunk' | 'preserveDefaultVlan' | 'ipMasqBackend'> {
  readonly network: string
  /** There is an IPAM, so there will be addresses. */
  readonly layer3: boolean
  readonly mac: string | undefined
}

const unsupported = (key: string, value: unknown, why: string): CniError =>
  new CniError(code.unsupportedField, `Cannot use "${key}": ${JSON.stringify(value)}: ${why}`)

function refuseUnsupported(conf: Conf): void {
  const vlans = 'VLANs on a bridge are not supported by this version. Leave the key out, or use a bridge for each VLAN'
  if (conf.vlan !== 0) throw unsupported('vlan', conf.vlan, vlans)
  if (conf.vlanTrunk.length > 0) throw unsupported('vlanTrunk', conf.vlanTrunk, vlans)
  if (conf.preserveDefaultVlan) throw unsupported('preserveDefaultVlan', true, vlans)
}

function refuseContradictions(conf: Conf, layer3: boolean): void {
  const refuse = (why: string) => new CniError(code.config, `Cannot use the network configuration: ${why}`)
  if (conf.promiscMode && conf.hairpinMode) {
    throw refuse('cannot set hairpin mode and promiscuous mode at the same time. Leave one of the two out')
  }
  if (conf.disableContainerInterface && layer3) {
    throw refuse('cannot use IPAM when DisableContainerInterface flag is set. Leave one of the two out')
  }
}

/**
 * Reads the configuration.
 *
 * @throws CniError 2 for what is not supported, 4 for CNI_ARGS, 7 for the rest
 */
export function readOptions(request: Request): Decoded<Options> {
  const { value: conf, unknown } = decode(schema, request.conf)
  const layer3 = configuredIpam(request.conf) !== ''
  refuseUnsupported(conf)
  refuseContradictions(conf, layer3)
  const { vlan, vlanTrunk, preserveDefaultVlan, ipMasqBackend, ...kept } = conf
  const isGateway = conf.isGateway || conf.isDefaultGateway
  const mac = wantedMac(request)
  return { value: { ...kept, isGateway, network: request.network, layer3, mac }, unknown }
}
