/** tuning: sysctls of a sandbox and attributes of its interface, which come back with DEL. Pure: it says what should be. */
import type { Result } from '../../lib/cni/result.ts'
import { interfaceOf } from '../../lib/cnm/attached.ts'
import type { Asks, Attached, ChainedDriver, Seen } from '../../lib/cnm/model.ts'
import { labelOf } from '../../lib/cnm/names.ts'
import { bareAddress } from '../../lib/ipam/cidr.ts'
import { attributeOf } from '../../lib/kernel/attribute.ts'
import type { Attribute, Description, Effect, Resource } from '../../lib/kernel/resource.ts'
import { guards, passes, spoofPass } from '../../lib/kernel/spoof.ts'
import { backupOf, inherited } from './inherited.ts'
import { type Options, readOptions } from './options.ts'
import { asksOf, settingsOf } from './settings.ts'

type Wish = readonly [Attribute['name'], string]

const onOff = (value: boolean): string => (value ? 'on' : 'off')

/** Attributes of the interface, in the order of the reference. */
const wishesOf = ({ address, promisc, mtu, allmulti, txQLen }: Options): readonly Wish[] => [
  ...(address === undefined ? [] : [['address', address] as const]),
  ...(promisc ? [['promisc', 'on'] as const] : []),
  ...(mtu === 0 ? [] : [['mtu', String(mtu)] as const]),
  ...(allmulti === undefined ? [] : [['allmulticast', onOff(allmulti)] as const]),
  ...(txQLen === undefined ? [] : [['txqueuelen', String(txQLen)] as const]),
]

const asks = (options: Options, { ifName, hostEnd }: Attached): Asks => ({
  host: options.address !== undefined && hostEnd ? [hostEnd.name] : [],
  sandbox: wishesOf(options).length > 0 ? [ifName] : [],
  made: options.address !== undefined && hostEnd !== undefined,
  ...asksOf(options.sysctls, options.guarded),
})

/** Neighbours have heard of the addresses with the MAC of before; through a bridge they hear of the new one too. */
function announcement({ address }: Options, { netns, ifName: dev, ips, hostEnd }: Attached, { host }: Seen): Effect[] {
  if (address === undefined || ips.length === 0 || !hostEnd || !host.get(hostEnd.name)?.port) return []
  const v4 = ips.map(ip => bareAddress(ip.address)).filter(each => !each.includes(':'))
  const v6 = v4.length < ips.length ? { v6: address } : {}
  return [{ effect: 'announce', netns, dev, port: hostEnd.name, v4, ...v6 }]
}

/** A bridge port that passes the interface's MAC alone passes the new one too, unless it does already. */
function passage({ address }: Options, attached: Attached, { made = [] }: Seen): readonly Resource[] {
  const port = attached.hostEnd?.name
  if (address === undefined || port === undefined || !guards(made, port) || passes(made, port, address)) return []
  return spoofPass(port, address, labelOf(attached))
}

function describe(options: Options, attached: Attached, seen: Seen): Description {
  const { netns, ifName: dev } = attached
  const attributes = wishesOf(options).map(([name, value]) => {
    const was = attributeOf(interfaceOf(attached, seen, 'tuning'), name)
    return { kind: 'attribute', lifetime: 'own', netns, dev, name, value, was } as const
  })
  return {
    resources: [...passage(options, attached, seen), ...settingsOf(options.sysctls, netns, seen), ...attributes],
    effects: announcement(options, attached, seen),
  }
}

/** The MAC as it was written, and the MTU, of every interface of our name: on the host's side too, as in the reference. */
function result({ mac, mtu }: Options, { ifName, previous }: Attached): Result {
  const change = { ...(mac === undefined ? {} : { mac }), ...(mtu === 0 ? {} : { mtu }) }
  return {
    ...previous,
    interfaces: previous.interfaces.map(each => (each.name === ifName ? { ...each, ...change } : each)),
  }
}

/** The driver. */
export const tuning: ChainedDriver<Options> = {
  type: 'tuning',
  repeats: true,
  options: readOptions,
  acts: options => options.sysctls.length > 0 || wishesOf(options).length > 0,
  needs: options => ({
    tools: ['ip', ...(options.sysctls.length > 0 ? ['nsenter', 'tee', 'head'] : [])],
    modules: [],
  }),
  asks,
  describe,
  result,
  keeps: request => [backupOf(request)],
  inherited: async (request, files) => inherited(request, files),
}
