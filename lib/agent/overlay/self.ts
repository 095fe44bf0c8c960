/** Where this host's end of the tunnels is. */
import { hostAddresses } from '../../../plugins/vxlan-overlay/home.ts'
import { CniError, code } from '../../cni/error.ts'
import { canonical } from '../../ipam/cidr.ts'
import { defaultDevice } from '../../kernel/default-device.ts'
import type { Tools } from '../../kernel/tool.ts'
import type { Config } from './config.ts'

/**
 * The address that is configured, or the first of the device of the default route: IPv4 before IPv6.
 *
 * @throws CniError 7 where the host has none
 */
export async function ownAddress(tools: Tools, { underlay }: Pick<Config, 'underlay'>): Promise<string> {
  const device = underlay.device ?? (underlay.address === undefined ? await defaultDevice(tools) : undefined)
  const mine = (await hostAddresses(tools)).filter(
    each =>
      (device === undefined || each.device === device) &&
      (underlay.address === undefined || each.address === canonical(underlay.address)),
  )
  const best = mine.find(each => !each.address.includes(':')) ?? mine[0]
  if (best) return best.address
  const what =
    underlay.address ??
    (device === undefined ? 'a default route whose device has an address' : `an address on ${device}`)
  throw new CniError(code.config, `Cannot reach other hosts: this one has not got ${what}. Name the way by "underlay"`)
}
