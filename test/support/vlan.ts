/** Networks in VLANs of a bridge, and what stands of them. */
import { bridgeConf, type Conf, hostLocal, must } from './call.ts'
import type { Host, Ran, Sandbox } from './host.ts'

type Keys = Readonly<Record<string, unknown>>

/** A network of Ethernet alone on `cni0`. */
export const wire = (keys: Keys): Conf => bridgeConf({ isGateway: false, ipMasq: false, ipam: undefined, ...keys })

/** A dual-stack network in a VLAN of `cni0`, with a gateway and masquerade. */
export const routed = (vlan: number, keys: Keys = {}): Conf =>
  bridgeConf({
    name: `net${vlan}`,
    vlan,
    isDefaultGateway: true,
    ipam: hostLocal(`10.${vlan}.0.0/16`, `fd00:${vlan}::/64`),
    ...keys,
  })

/** The VLANs of a port in order, as `100` with a tag and `100*` without. */
export async function vlansOf(host: Host, port: string): Promise<string> {
  const [found] = JSON.parse((await host.sh(`bridge -j vlan show dev ${port}`)) || '[]')
  const vlans = (found?.vlans ?? []) as { vlan: number; flags?: string[] }[]
  const text = ({ vlan, flags = [] }: (typeof vlans)[number]) =>
    `${vlan}${flags.includes('PVID') ? '*' : ''}${flags.includes('Egress Untagged') ? '' : ' tagged'}`
  return vlans.map(text).join(', ')
}

/** Adds a sandbox to a network; the name of its port. */
export async function joined(host: Host, conf: Conf, netns: Sandbox): Promise<string> {
  return (await must(host, 'ADD', conf, { netns })).interfaces[1].name
}

/** Gives a link in a sandbox an address that nobody else manages. */
export const give = ({ exec }: Sandbox, address: string, dev = 'eth0'): Promise<Ran> =>
  exec(['ip', 'address', 'add', address, 'dev', dev])
