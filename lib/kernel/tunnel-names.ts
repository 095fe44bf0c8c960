/** The links of a network on its hosts, by its VNI: a name may have 15 bytes, and that of a network has any number. */

export const bridgeName = (vni: number): string => `flb${vni}`
export const tunnelName = (vni: number): string => `flv${vni}`

/** The tunnel of the network that a bridge is of; undefined for one that leads to no other host. */
export function tunnelOf(bridge: string): string | undefined {
  const vni = /^flb(\d+)$/.exec(bridge)?.[1]
  return vni === undefined ? undefined : tunnelName(Number(vni))
}
