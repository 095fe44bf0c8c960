/** The configuration of bridge, with what the runtime adds to it. Pure; keys and rules as in the reference. */
import * as z from 'zod/mini'
import { type Decoded, decode, ready } from '../../lib/cni/decode.ts'
import { CniError, code } from '../../lib/cni/error.ts'
import { flag, maybeText } from '../../lib/cni/leaf.ts'
import { wantedMac } from '../../lib/cni/mac.ts'
import type { Request } from '../../lib/cni/request.ts'
import { featureKeys } from '../../lib/cnm/feature-keys.ts'
import { configuredIpam, linkName, mtu, vlanId } from '../../lib/cnm/schema.ts'
import { dns } from '../../lib/ipam/schema.ts'
import { trunkEntry, type Vlans, vlansOf } from './vlans.ts'

/** The keys that this plugin knows, with their types. */
export const schema = ready(
  z.object({
    bridge: z._default(linkName, 'cni0'),
    isGateway: flag,
    isDefaultGateway: flag,
    forceAddress: flag,
    ipMasq: flag,
    ipMasqBackend: maybeText,
    mtu,
    hairpinMode: flag,
    promiscMode: flag,
    macspoofchk: flag,
    enabledad: flag,
    disableContainerInterface: flag,
    portIsolation: flag,
    vlan: vlanId,
    vlanTrunk: z._default(z.array(trunkEntry), []),
    preserveDefaultVlan: flag,
    dns: z.exactOptional(dns),
    ...featureKeys,
  }),
)

type Conf = z.infer<typeof schema>

export interface Options extends Omit<Conf, 'vlan' | 'vlanTrunk' | 'preserveDefaultVlan' | 'ipMasqBackend'> {
  readonly network: string
  /** There is an IPAM, so there will be addresses. */
  readonly layer3: boolean
  readonly mac: string | undefined
  /** Absent: the bridge need not know of VLANs. */
  readonly vlans: Vlans | undefined
  /** The link that has the gateway's addresses; absent: the bridge has none. */
  readonly gateway: string | undefined
}

const refuse = (why: string) => new CniError(code.config, `Cannot use the network configuration: ${why}`)

function refuseContradictions(conf: Conf, layer3: boolean): void {
  if (conf.promiscMode && conf.hairpinMode) {
    throw refuse('cannot set hairpin mode and promiscuous mode at the same time. Leave one of the two out')
  }
  if (conf.disableContainerInterface && layer3) {
    throw refuse('cannot use IPAM when DisableContainerInterface flag is set. Leave one of the two out')
  }
}

/** Into a VLAN the host has a link of its own, named as the reference does. */
function gatewayOf({ bridge, vlan }: Conf): string {
  const name = vlan === 0 ? bridge : `${bridge}.${vlan}`
  if (name.length <= 15) return name
  throw refuse(
    `the gateway's link would be called ${name}, and a name may have 15 characters. Choose a shorter "bridge"`,
  )
}

/**
 * Reads the configuration.
 *
 * @throws CniError 4 for CNI_ARGS, 7 for the rest
 */
export function readOptions(request: Request): Decoded<Options> {
  const { value: conf, unknown } = decode(schema, request.conf)
  const layer3 = configuredIpam(request.conf) !== ''
  refuseContradictions(conf, layer3)
  const { vlan, vlanTrunk, preserveDefaultVlan, ipMasqBackend, ...kept } = conf
  const isGateway = conf.isGateway || conf.isDefaultGateway
  const own = {
    network: request.network,
    isGateway,
    layer3,
    mac: wantedMac(request),
    vlans: vlansOf(vlan, vlanTrunk, preserveDefaultVlan),
    gateway: isGateway && layer3 ? gatewayOf(conf) : undefined,
  }
  return { value: { ...kept, ...own }, unknown }
}
