/** What an agent would have told plugins of encrypted networks, where the kernel has no ESP for a real one. */
import { dirname } from 'node:path'
import { networkPrefix } from '../../lib/cnm/names.ts'
import type { Conf } from './call.ts'
import type { Host } from './host.ts'

export interface Told {
  readonly name: string
  /** This host, and others. */
  readonly nodes: readonly { readonly address: string; readonly blocks: readonly string[] }[]
}

const state = '/var/lib/cni/fairlead'

/** The kernel encrypts, for hosts that are not there. */
export async function tellEncrypted({ sh }: Host, networks: readonly Told[]): Promise<void> {
  const boot = (await sh('cat /proc/sys/kernel/random/boot_id')).trim()
  const write = (path: string, document: object) =>
    sh(`mkdir -p ${state}/${dirname(path)}; cat >${state}/${path} <<'end'\n${JSON.stringify(document)}\nend`)
  await write('overlay-agent/encryption', { boot, ready: true, silent: {} })
  for (const { name, nodes } of networks)
    await write(`overlay/${networkPrefix(name)}`, { version: 1, address: nodes[0]?.address, nodes })
}

/** An encrypted network of its own number, on the hosts 10.99.0.1 and 10.99.0.2. */
export const sealedConf = (name: string, number: number): Conf => ({
  cniVersion: '1.1.0',
  name,
  type: 'vxlan-overlay',
  vni: 5000 + number,
  encrypted: true,
  controlPlane: { type: 'etcd' },
  ipam: { type: 'host-local', ranges: [[{ subnet: `10.20${number}.0.0/16` }]] },
})

/** The same, as an agent has it. */
export const sealedHosts = (name: string, number: number): Told => ({
  name,
  nodes: [1, 2].map(each => ({ address: `10.99.0.${each}`, blocks: [`10.20${number}.${each}.0/26`] })),
})
