/** Checksums inside the tunnel, where what is below it gets them wrong. Pure. */
import type { Needs } from '../../lib/cnm/model.ts'
import type { Offload } from '../../lib/kernel/resource.ts'
import { tunnelName } from '../../lib/kernel/tunnel-names.ts'
import type { Options } from './options.ts'

/** The tunnel makes them itself: segments of TCP, which need them, then too. */
export const offloadOf = ({ txChecksumOffload, vni }: Options): readonly Offload[] =>
  txChecksumOffload ? [] : [{ kind: 'offload', lifetime: 'counted', netns: null, dev: tunnelName(vni), value: 'off' }]

const needs: Needs = {
  tools: ['ip', 'bridge', 'nft', 'nsenter', 'tee'],
  modules: ['bridge', 'veth', 'vxlan', 'nf_tables'],
}

/** What an overlay needs, with what that takes. */
export const needsOf = ({ txChecksumOffload }: Options): Needs =>
  txChecksumOffload ? needs : { ...needs, tools: [...needs.tools, 'ethtool'] }
