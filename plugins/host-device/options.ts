/** The configuration of host-device, with what the runtime adds to it. Pure; keys and rules as in the reference. */
import * as z from 'zod/mini'
import { type Decoded, decode } from '../../lib/cni/decode.ts'
import { CniError, code } from '../../lib/cni/error.ts'
import { pick, pickObject } from '../../lib/cni/json.ts'
import type { Request } from '../../lib/cni/request.ts'
import type { Dns } from '../../lib/cni/result.ts'
import { configuredIpam, linkName } from '../../lib/cnm/schema.ts'
import { dns } from '../../lib/ipam/schema.ts'
import type { DeviceNames } from '../../lib/kernel/device.ts'

const text = (pattern: RegExp, error: string) => z.string().check(z.regex(pattern, { error }))
const matching = (pattern: RegExp, error: string) => z.exactOptional(text(pattern, error))

/** The keys that this plugin knows, with their types. */
export const schema = z.object({
  device: z.exactOptional(linkName),
  // Ethernet has six bytes, InfiniBand twenty.
  hwaddr: matching(/^[\da-fA-F]{2}([:-][\da-fA-F]{2}){5,19}$/, 'must be a MAC address, as 02:00:00:00:00:01'),
  kernelpath: matching(/^\/sys\/devices(\/(?!\.\.?(\/|$))[\w.:@,+-]+)+\/?$/, 'must be a path below /sys/devices'),
  pciBusID: matching(/^[\da-fA-F]{4,8}:[\da-fA-F]{2}:[\da-fA-F]{2}\.[0-7]$/, 'must be a PCI device, as 0000:03:02.1'),
  dns: z.exactOptional(dns),
})

const deviceId = text(/^\w[\w.:-]{0,99}$/, 'must be a device of the PCI or the auxiliary bus, as 0000:03:02.1')

export interface Options {
  readonly names: DeviceNames
  /** There is an IPAM, so there will be addresses. */
  readonly layer3: boolean
  readonly dns: Dns | undefined
}

const refuse = (why: string): CniError => new CniError(code.config, `Cannot use the network configuration: ${why}`)

/** A device that the runtime chose, of the PCI or the auxiliary bus. */
function chosenDevice({ conf }: Request): string | undefined {
  const id = pick(pickObject(conf, 'runtimeConfig'), 'deviceID')
  return id === undefined || id === '' ? undefined : decode(deviceId, id, 'runtimeConfig.deviceID').value
}

/** Reads the configuration. Throws CniError 7. */
export function readOptions(request: Request): Decoded<Options> {
  const { value: conf, unknown } = decode(schema, request.conf)
  const { device: link, hwaddr, kernelpath: path, pciBusID, dns } = conf
  const mac = hwaddr?.toLowerCase().replaceAll('-', ':')
  const names = { link, mac, path, pci: pciBusID?.toLowerCase(), id: chosenDevice(request) }
  if (Object.values(names).every(name => name === undefined)) {
    throw refuse('it names no device. Set "device", "hwaddr", "kernelpath" or "pciBusID"')
  }
  return { value: { names, layer3: configuredIpam(request.conf) !== '', dns }, unknown }
}
