/** What a driver may know of the host, read in one process. */

import { defaultDevice, defaultDeviceIn } from '../kernel/default-device.ts'
import type { Device, DeviceNames } from '../kernel/device.ts'
import type { HostFirewall } from '../kernel/host-firewall.ts'
import { snapshot } from '../kernel/snapshot.ts'
import type { Tools } from '../kernel/tool.ts'
import type { Store } from '../store/store.ts'
import { readTexts } from './look.ts'
import type { Driver, Facts } from './model.ts'
import { sharedAddresses } from './shared.ts'

const randomMac = (hex: string): string => `02:${hex.match(/../g)?.join(':')}`

/** The host's firewalls, for those who ask; there is nothing to know of them otherwise. */
export async function firewallFor(tools: Tools, asked: boolean | undefined): Promise<HostFirewall> {
  if (!asked) return { drops: [], firewalld: false }
  return (await import('../kernel/host-firewall.ts')).hostFirewall(tools)
}

/** Few drivers look for one. */
async function deviceFor(tools: Tools, names: DeviceNames): Promise<Device> {
  return (await import('../kernel/device.ts')).findDevice(tools, names)
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
  const uplink = place === null ? await defaultDevice(tools) : await defaultDeviceIn(tools, place)
  const asked = driver.asks(options, uplink ?? '').filter(name => name !== '')
  const wanted = driver.device?.(options)
  const [seen, texts, firewall, device] = await Promise.all([
    snapshot(tools, place, uplink === undefined ? asked : [...asked, uplink]),
    readTexts(tools, netns, driver.reads?.(options, uplink ?? '') ?? {}),
    firewallFor(tools, driver.asksFirewall?.(options)),
    wanted && deviceFor(tools, wanted),
  ])
  const links = new Map([...seen].filter(([name]) => asked.includes(name)))
  const bridge = driver.asksPorts?.(options, links)
  return {
    links,
    strangers: bridge === undefined ? [] : await (await import('./strangers.ts')).strangersOn(tools, bridge),
    uplink: uplink === undefined ? undefined : seen.get(uplink),
    ipv6: (await host.files.stat('/proc/sys/net/ipv6')) !== undefined,
    freshMac: randomMac(host.random(5)),
    ours: await sharedAddresses(store, links),
    ...texts,
    firewall,
    ...(device ? { device } : {}),
  }
}
