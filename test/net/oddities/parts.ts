/** Pieces that tables share. */
export const ranges = (...list: readonly object[]) => ({ ipam: { type: 'host-local', ranges: [list] } })
export const range = { subnet: '10.88.0.0/16' }
export const layer2 = {
  interfaces: [{ name: 'cni0' }, {}, { name: 'eth0', mac: /^02:/, sandbox: String }],
  ips: undefined,
}
