/** The configuration of vxlan-overlay as it is written. Pure. */
import * as z from 'zod/mini'
import { flag, maybeFlag, maybeText } from '../../lib/cni/leaf.ts'
import { featureKeys } from '../../lib/cnm/feature-keys.ts'
import { linkName, mtu } from '../../lib/cnm/schema.ts'
import { digest } from '../../lib/host/digest.ts'
import { rangeSchema } from '../../lib/ipam/range.ts'
import { address, dns } from '../../lib/ipam/schema.ts'
import { controlPlaneSchema } from './control-plane/index.ts'

const bits24 = 2 ** 24 - 1

/** The keys that this plugin knows, with their types. */
export const schema = z.object({
  vni: z.exactOptional(z.int().check(z.minimum(1), z.maximum(bits24))),
  mode: z._default(z.enum(['l2', 'l3']), 'l2'),
  underlay: z._default(z.object({ device: z.exactOptional(linkName), address: z.exactOptional(address) }), {}),
  port: z.exactOptional(z.int().check(z.minimum(1), z.maximum(65_535))),
  encrypted: flag,
  mtu,
  internal: flag,
  txChecksumOffload: z._default(z.boolean(), true),
  controlPlane: controlPlaneSchema,
  isDefaultGateway: maybeFlag,
  ipMasq: maybeFlag,
  ipMasqBackend: maybeText,
  dns: z.exactOptional(dns),
  ...featureKeys,
})

/** What a host has made of it for itself: `ipam` has its own addresses by then, and this is the whole network. */
export const settledSchema = z.extend(schema, { subnets: z._default(z.array(rangeSchema), []) })

export type Conf = z.infer<typeof schema>

/** Without a wish: above what Docker, Kubernetes' networks and people give by hand, and the same on all hosts. */
export const vniOf = ({ vni }: Conf, network: string): number =>
  vni ?? 2 ** 20 + Number.parseInt(digest(5, network), 16)
