/** What a kernel can do of that which networks need. */
import { execa } from 'execa'

/** A feature, and the `ip` command in a network namespace of its own that needs it. */
const tries = {
  bridge: 'link add name x type bridge',
  'VLAN filtering': 'link add name x type bridge vlan_filtering 1',
  veth: 'link add name x type veth peer name y',
  VLAN: 'link add name x link w type vlan id 7',
  macvlan: 'link add name x link w type macvlan',
  ipvlan: 'link add name x link w type ipvlan',
  vxlan: 'link add name x type vxlan id 7 dstport 4789',
  VRF: 'link add name x type vrf table 7',
  dummy: 'link add name x type dummy',
  IPsec: 'xfrm state',
} as const

export type Feature = keyof typeof tries
export const features = Object.keys(tries) as readonly Feature[]

/** The features of the kernel that runs this. */
export async function featuresHere(): Promise<readonly Feature[]> {
  const works = async (words: string) =>
    (
      await execa('unshare', ['-n', 'sh', '-c', `ip link add w type veth peer name v && ip ${words}`], {
        reject: false,
      })
    ).exitCode === 0
  const found: Feature[] = []
  for (const feature of features) if (await works(tries[feature])) found.push(feature)
  return found
}
