/** The configuration of vxlan-overlay, with what the runtime adds to it. Pure. */
import { type Decoded, decode } from '../../lib/cni/decode.ts'
import { wantedMac } from '../../lib/cni/mac.ts'
import type { Request } from '../../lib/cni/request.ts'
import type { Dns } from '../../lib/cni/result.ts'
import { refuse } from './control-plane/blocks.ts'
import { checkEncrypted, portOf } from './control-plane/encryption.ts'
import { networkOf } from './control-plane/index.ts'
import type { Network } from './network.ts'
import { type Conf, settledSchema, vniOf } from './schema.ts'
import { partsOf } from './subnets.ts'

export { schema } from './schema.ts'

/** Where the tunnel begins. */
export interface Underlay {
  readonly device: string
  readonly address: string
}

export interface Options extends Pick<Conf, 'mode' | 'mtu' | 'internal' | 'encrypted' | 'txChecksumOffload'> {
  readonly network: string
  readonly port: number
  readonly vni: number
  readonly underlay: Underlay
  readonly plan: Network
  readonly mac: string | undefined
  readonly isGateway: boolean
  readonly isDefaultGateway: boolean
  /** Nobody gets in but the network itself. */
  readonly isClosed: boolean
  readonly dns: Dns | undefined
}

/** Everybody on every host can tell a container's MAC by its address: it cannot have another. */
function checkMac(mac: string | undefined, { mode, controlPlane }: Conf): void {
  if (mac === undefined || mode === 'l3' || controlPlane.type === 'multicast') return
  throw refuse(`MAC ${mac} was asked for, but other hosts tell a container's MAC by its address. Ask for none`)
}

/**
 * Reads the configuration, in which it has been settled by now where the tunnel begins.
 *
 * @throws CniError 4 for CNI_ARGS, 7 for the rest
 */
export function readOptions(request: Request): Decoded<Options> {
  const { value: conf, unknown } = decode(settledSchema, request.conf)
  const { device, address: here } = conf.underlay
  if (device === undefined || here === undefined) throw refuse('"underlay" needs a device and an address')
  checkEncrypted(conf)
  const { mode, mtu, internal, encrypted, txChecksumOffload } = conf
  const mac = wantedMac(request)
  checkMac(mac, conf)
  const own = {
    network: request.network,
    port: portOf(conf),
    vni: vniOf(conf, request.network),
    underlay: { device, address: here },
    plan: networkOf(conf, partsOf(conf.subnets.map(each => [each])), here),
    mac,
    isGateway: !internal,
    isDefaultGateway: !internal && (conf.isDefaultGateway ?? true),
    isClosed: conf.isolation === 'internal',
    dns: conf.dns,
  }
  return { value: { mode, mtu, internal, encrypted, txChecksumOffload, ...own }, unknown }
}
