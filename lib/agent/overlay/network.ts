/** Networks of this host whose other hosts are known from etcd, as its configuration files have them. */
import { checkEncrypted, portOf } from '../../../plugins/vxlan-overlay/control-plane/encryption.ts'
import { blockSubnet, type Part } from '../../../plugins/vxlan-overlay/network.ts'
import { subnetsOf } from '../../../plugins/vxlan-overlay/ranges.ts'
import { type Conf, schema, vniOf } from '../../../plugins/vxlan-overlay/schema.ts'
import { partsIn } from '../../../plugins/vxlan-overlay/subnets.ts'
import { decode } from '../../cni/decode.ts'
import type { JsonObject } from '../../cni/json.ts'
import type { Host } from '../../host/host.ts'
import { formatSubnet } from '../../ipam/cidr.ts'
import { overlaysIn } from './conf-files.ts'
import type { Declared } from './keys.ts'

export interface Network {
  readonly name: string
  /** Of the plugin. */
  readonly conf: JsonObject
  readonly parts: readonly Part[]
  readonly declared: Declared
}

function networkFrom(name: string, conf: JsonObject, value: Conf): Network {
  const { mode, encrypted, controlPlane } = value
  checkEncrypted(value)
  const [vni, port] = [vniOf(value, name), portOf(value)]
  const parts = partsIn(conf)
  const subnets = subnetsOf({ parts, own: [] }) as unknown as Declared['subnets']
  return {
    name,
    conf,
    parts,
    declared: { vni, port, mode, subnets, blockSize: controlPlane.blockSize, encrypted },
  }
}

/** Every network; of files that cannot be read, or make no sense, `report` is told. */
export async function networksOf(
  host: Host,
  directory: string,
  report: (what: string, error: unknown) => void,
): Promise<readonly Network[]> {
  const found: Network[] = []
  for (const { network, plugin, path } of await overlaysIn(host, directory, report)) {
    try {
      const { value } = decode(schema, plugin)
      if (value.controlPlane.type === 'etcd') found.push(networkFrom(network, plugin, value))
    } catch (error) {
      report(path, error)
    }
  }
  return found
}

/** How many blocks the network has: the first is for addresses that are the network's own. */
export function blockCount({ parts, declared: { blockSize } }: Network): number {
  const sizes = parts.map(({ subnet }) => Number((subnet.last - subnet.first + 1n) / BigInt(blockSize)))
  return Math.min(...sizes, 2 ** 16)
}

/** A block as the configuration would write it. */
export function blockText({ parts, declared: { blockSize } }: Network, index: number): string {
  const [part] = parts
  const size = BigInt(blockSize)
  return part ? formatSubnet(blockSubnet(part, { offset: BigInt(index) * size, size })) : ''
}
