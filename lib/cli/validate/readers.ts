/** What reads the configuration of each plugin. */
import type * as z from 'zod/mini'
import type { Request } from '../../cni/request.ts'

/** Keys of a plugin, or of an IPAM those of `ipam`; and the rules beyond single keys. */
export interface Reader {
  readonly schema?: z.ZodMiniObject
  readonly ipamSchema?: z.ZodMiniObject
  /** Throws CniError for a configuration that cannot be used. */
  readOptions(request: Request): unknown
}

/** A host finds its place on an overlay by its addresses: here the first one of the list stands for it. */
async function overlay(): Promise<Reader> {
  const [{ schema }, { decode }, { partsIn }, { networkOf }] = await Promise.all([
    import('../../../plugins/vxlan-overlay/schema.ts'),
    import('../../cni/decode.ts'),
    import('../../../plugins/vxlan-overlay/subnets.ts'),
    import('../../../plugins/vxlan-overlay/control-plane/index.ts'),
  ])
  const readOptions = ({ conf }: Request) => {
    const { value } = decode(schema, conf)
    const parts = partsIn(conf)
    const { type, nodes } = value.controlPlane
    return type === 'etcd' ? parts : networkOf(value, parts, nodes[0]?.address ?? '')
  }
  return { schema, readOptions }
}

const readers: Readonly<Record<string, () => Promise<Reader>>> = {
  bandwidth: () => import('../../../plugins/bandwidth/options.ts'),
  bridge: () => import('../../../plugins/bridge/options.ts'),
  dhcp: () => import('../../../plugins/dhcp/options.ts'),
  dummy: () => import('../../../plugins/dummy/options.ts'),
  firewall: () => import('../../../plugins/firewall/options.ts'),
  'host-device': () => import('../../../plugins/host-device/options.ts'),
  'host-local': () => import('../../../plugins/host-local/options.ts'),
  ipvlan: () => import('../../../plugins/ipvlan/options.ts'),
  loopback: async () => ({ readOptions: () => undefined }),
  macvlan: () => import('../../../plugins/macvlan/options.ts'),
  portmap: () => import('../../../plugins/portmap/options.ts'),
  ptp: () => import('../../../plugins/ptp/options.ts'),
  sbr: () => import('../../../plugins/sbr/options.ts'),
  static: () => import('../../../plugins/static/options.ts'),
  tap: () => import('../../../plugins/tap/options.ts'),
  tuning: () => import('../../../plugins/tuning/options.ts'),
  vlan: () => import('../../../plugins/vlan/options.ts'),
  vrf: () => import('../../../plugins/vrf/options.ts'),
  'vxlan-overlay': overlay,
}

/** The reader of a plugin; undefined for a plugin of somebody else. */
export const readerOf = async (type: string): Promise<Reader | undefined> =>
  Object.hasOwn(readers, type) ? readers[type]?.() : undefined
