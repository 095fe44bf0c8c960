/** Devices of the host by the names that they have beside that of their link: MAC, place in the machine, bus and number. */
import type { Host } from '../host/host.ts'
import { allLinks, type LinkState, snapshot } from './snapshot.ts'
import type { Tools } from './tool.ts'

/** Where several are given, the first counts. */
export interface DeviceNames {
  readonly link?: string | undefined
  readonly mac?: string | undefined
  /** Below /sys/devices. */
  readonly path?: string | undefined
  /** Domain, bus, slot and function. */
  readonly pci?: string | undefined
  /** Of the PCI bus, or of the auxiliary bus. */
  readonly id?: string | undefined
}

export interface Device {
  readonly link: LinkState | undefined
  readonly pci: string | undefined
  /** A program drives it, not the kernel: there is no link. */
  readonly inUserSpace: boolean
}

/** The drivers that hand a device over to a program, as DPDK has them. */
const userSpaceDrivers = ['vfio-pci', 'uio_pci_generic', 'igb_uio']

const pciDevices = '/sys/bus/pci/devices'

/** The first link of a device that has a place in sysfs (ABI/testing/sysfs-class-net). */
async function linkIn({ files }: Host, place: string): Promise<string | undefined> {
  return (await files.list(`${place}/net`)).sort()[0]
}

/** What speaks virtio has its link one level below. */
async function linkOfPci(host: Host, pci: string): Promise<string | undefined> {
  const place = `${pciDevices}/${pci}`
  const below = (await host.files.list(place)).filter(name => name.startsWith('virtio')).sort()
  for (const each of [place, ...below.map(name => `${place}/${name}`)]) {
    const name = await linkIn(host, each)
    if (name !== undefined) return name
  }
  return undefined
}

async function linkOf(tools: Tools, { link, mac, path, id }: DeviceNames, pci: string | undefined) {
  if (link !== undefined) return link
  if (mac !== undefined) return [...(await allLinks(tools, null)).values()].find(each => each.mac === mac)?.name
  if (path !== undefined) return linkIn(tools.host, path)
  if (pci !== undefined) return linkOfPci(tools.host, pci)
  return id === undefined ? undefined : linkIn(tools.host, `/sys/bus/auxiliary/devices/${id}`)
}

/** Looks for a device. Throws KernelError where `ip` cannot look. */
export async function findDevice(tools: Tools, names: DeviceNames): Promise<Device> {
  const { files } = tools.host
  const { id } = names
  const isPci = id !== undefined && (await files.stat(`${pciDevices}/${id}`)) !== undefined
  const pci = names.pci ?? (isPci ? id : undefined)
  const driver = pci === undefined ? undefined : await files.readlink(`${pciDevices}/${pci}/driver`)
  if (userSpaceDrivers.includes(driver?.split('/').at(-1) ?? '')) return { link: undefined, pci, inUserSpace: true }
  const name = await linkOf(tools, names, pci)
  const links = await snapshot(tools, null, name === undefined ? [] : [name])
  // A link answers to its alternative names too, and says its own.
  return { link: [...links.values()][0], pci, inUserSpace: false }
}
