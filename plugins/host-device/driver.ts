/** host-device: a device of the host is the sandbox's for a while. Pure: it says what should be. */
import { CniError, code } from '../../lib/cni/error.ts'
import type { Result } from '../../lib/cni/result.ts'
import { addressed, resultOf } from '../../lib/cnm/addressed.ts'
import type { Driver, Endpoint, Facts } from '../../lib/cnm/model.ts'
import { movedLink } from '../../lib/kernel/moved-link.ts'
import { type Description, joined } from '../../lib/kernel/resource.ts'
import type { LinkState } from '../../lib/kernel/snapshot.ts'
import { type Options, readOptions } from './options.ts'

function refusal({ names }: Options, why: string): CniError {
  const what = Object.values(names).find(name => name !== undefined)
  return new CniError(code.config, `Cannot move ${what} to the container: ${why}`)
}

/** The kernel lets no loopback interface leave its namespace (NETIF_F_NETNS_LOCAL). */
function needMovable(options: Options, { device }: Pick<Facts, 'device'>): void {
  if (!device?.link?.loopback) return
  throw refusal(options, 'it is the loopback interface, of which every namespace has its own. Choose another device')
}

/** The link to move; undefined for a device that a program drives. Throws CniError 7 where there is none that can be. */
function linkOf(options: Options, facts: Facts): LinkState | undefined {
  needMovable(options, facts)
  const { device } = facts
  if (device?.link || device?.inUserSpace) return device.link
  const why = 'the host has no link of that device. Correct the configuration, or remove the container that has it'
  throw refusal(options, why)
}

function links(options: Options, { netns, ifName }: Endpoint, facts: Facts): Description {
  const link = linkOf(options, facts)
  if (!link) return joined()
  // Without addresses of ours, a link is left to find its own.
  const quiet = options.layer3 && facts.ipv6 && link.mac.length === 17
  return { resources: [movedLink(link, netns, ifName, { quiet })], effects: [] }
}

function addressing(options: Options, endpoint: Endpoint, facts: Facts, leased: Result): Description {
  const link = linkOf(options, facts)
  return link ? addressed(options, { ...endpoint, mac: link.mac }, leased, 'optimistic') : joined()
}

function result(options: Options, { ifName: name, netns: sandbox }: Endpoint, facts: Facts, leased: Result): Result {
  const link = linkOf(options, facts)
  const pci = facts.device?.pci
  const known = { ...(link ? { mac: link.mac, mtu: link.mtu } : {}), ...(pci === undefined ? {} : { pciID: pci }) }
  return resultOf({ name, ...known, sandbox }, options, leased)
}

/** The driver. */
export const hostDevice: Driver<Options> = {
  type: 'host-device',
  options: readOptions,
  mac: () => undefined,
  asks: () => [],
  device: ({ names }) => names,
  ready: (options, seen) => {
    needMovable(options, seen)
    return []
  },
  needs: () => ({ tools: ['ip', 'nsenter', 'tee'], modules: [] }),
  links,
  addressing,
  result,
}
