/** The links of a network on its hosts, by its VNI: a name may have 15 bytes, and that of a network has any number. */

export const bridgeName = (vni: number): string => `flb${vni}`
export const tunnelName = (vni: number): string => `flv${vni}`
