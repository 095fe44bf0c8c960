/** What a driver may know of the host, read in one process. */

import { defaultDevice, defaultDeviceIn } from '../kernel/default-device.ts'
import type { HostFirewall } from '../kernel/host-firewall.ts'
import type { Netns } from '../kernel/resource.ts'
import { snapshot } from '../kernel/snapshot.ts'
import type { Tools } from '../kernel/tool.ts'
import type { Store } from '../store/store.ts'
import { readTexts } from './look.ts'
import type { Driver, Facts } from './model.ts'
import { sharedAddresses } from './shared.ts'

const randomMac = (hex: string): string => `02:${hex.match(/../g)?.join(':')}`

/** The host's firewalls, for those who ask; there is nothing to know of them otherwise. */
export async function firewallFor(tools: Tools, asked: boolean | undefined): Promise<HostFirewall> {
  if (!asked) return { drops: [], unseen: [], firewalld: false }
  return (await import('../kernel/host-firewall.ts')).hostFirewall(tools)
}

/** The device that the driver looks for, which few do. Throws KernelError. */
export async function seeDevice<Options>(
  tools: Tools,
  driver: Driver<Options>,
  options: Options,
): Promise<Pick<Facts, 'device'>> {
  const names = driver.device?.(options)
  return names ? { device: await (await import('../kernel/device.ts')).findDevice(tools, names) } : {}
}

/** Which links to look at: those that the driver asks for, and the default route's device; `uplink` is its name. */
export interface Wanted {
  readonly asked: readonly string[]
  readonly uplink: string | undefined
}

/** What the driver asks for at a place, which it may do by the name of the default route's device. Throws KernelError. */
export async function wantedLinks<Options>(
  tools: Tools,
  driver: Driver<Options>,
  options: Options,
  place: Netns,
): Promise<Wanted> {
  const uplink = place === null ? await defaultDevice(tools) : await defaultDeviceIn(tools, place)
  return { asked: driver.asks(options, uplink ?? '').filter(name => name !== ''), uplink }
}

/** Looks at them. Throws KernelError. */
export async function seeLinks(
  tools: Tools,
  place: Netns,
  { asked, uplink }: Wanted,
): Promise<Pick<Facts, 'links' | 'uplink'>> {
  const seen = await snapshot(tools, place, uplink === undefined ? asked : [...asked, uplink])
  const links = new Map([...seen].filter(([name]) => asked.includes(name)))
  return { links, uplink: uplink === undefined ? undefined : seen.get(uplink) }
}

/** Reads the facts that the driver asks for. Throws KernelError. */
export async function readFacts<Options>(
  tools: Tools,
  store: Store,
  driver: Driver<Options>,
  options: Options,
  netns: string,
): Promise<Facts> {
  const { host } = tools
  const place = driver.inSandbox?.(options) ? netns : null
  const wanted = await wantedLinks(tools, driver, options, place)
  const [seen, texts, firewall, device] = await Promise.all([
    seeLinks(tools, place, wanted),
    readTexts(tools, netns, driver.reads?.(options, wanted.uplink ?? '') ?? {}),
    firewallFor(tools, driver.asksFirewall?.(options)),
    seeDevice(tools, driver, options),
  ])
  const bridge = driver.asksPorts?.(options, seen.links)
  return {
    ...seen,
    strangers: bridge === undefined ? [] : await (await import('./strangers.ts')).strangersOn(tools, bridge),
    ipv6: (await host.files.stat('/proc/sys/net/ipv6')) !== undefined,
    freshMac: randomMac(host.random(5)),
    ours: await sharedAddresses(store, seen.links),
    ...texts,
    firewall,
    ...device,
  }
}
