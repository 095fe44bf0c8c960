import type { Case } from '../contract.ts'
import { subnets } from '../overlay.ts'
import { tellEncrypted } from '../overlay-told.ts'

const listed = (number: number) => ({ address: `192.0.2.${number}`, blocks: [`10.200.${number}.0/28`] })

/** Both families, masqueraded, with a limit. What it publishes and whom it keeps apart is as of bridge. */
export const overlay: Case = {
  name: 'vxlan-overlay',
  conf: {
    cniVersion: '1.1.0',
    name: 'net1',
    type: 'vxlan-overlay',
    controlPlane: { type: 'static', nodes: [listed(1), listed(2), listed(3)] },
    ingressRate: 8_000_000,
    ingressBurst: 800_000,
    ipam: { type: 'host-local', ranges: subnets.map(subnet => [{ subnet }]) },
  },
  tools: ['ip', 'bridge', 'nft', 'nsenter', 'tee'],
  modules: ['bridge', 'veth', 'vxlan', 'nf_tables'],
  dispensable: /^(converse nft|finish add element|poke \S+accept_ra|run nsenter \S+ tee|end)\b/,
}

/** The same as a network that is routed between hosts, with checksums of its own, and nothing else. */
export const overlayRouted: Case = {
  ...overlay,
  name: 'vxlan-overlay in mode l3',
  conf: {
    ...overlay.conf,
    mode: 'l3',
    txChecksumOffload: false,
    ipMasq: false,
    ingressRate: undefined,
    ingressBurst: undefined,
  },
  tools: [...overlay.tools, 'ethtool'],
}

const blockSize = 16

/** The same, encrypted: nobody is there to do that, but nothing of what a plugin makes depends on it. */
export const overlayEncrypted: Case = {
  ...overlay,
  name: 'vxlan-overlay with encryption',
  conf: {
    ...overlay.conf,
    encrypted: true,
    controlPlane: { type: 'etcd', blockSize },
    ingressRate: undefined,
    ingressBurst: undefined,
  },
  prepare: host => tellEncrypted(host, [{ name: 'net1', nodes: [listed(1), listed(2), listed(3)] }]),
}
