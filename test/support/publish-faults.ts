/** Attachments with published ports for the tests in which operations fail or die. */
import { fullConf } from './attachment.ts'
import { type CallOptions, type Conf, must } from './call.ts'
import type { Host } from './host.ts'
import { mapping, row, type Way } from './publish.ts'

const portMappings = [
  mapping(8080, 80),
  ...row(9000, 10),
  mapping(53, 53, { protocol: 'udp' }),
  mapping(70, 70, { hostIP: '192.0.2.1' }),
]
const runtimeConfig = { portMappings }

/** The bridge that publishes by itself; or portmap alone, behind a bridge that is there already. */
export const confOf =
  (way: Way, keys: Readonly<Record<string, unknown>> = {}) =>
  async (host: Host, options: CallOptions): Promise<Conf> => {
    if (way === 'single') return { ...fullConf, ...keys, runtimeConfig }
    const prevResult = await must(host, 'ADD', fullConf, options)
    return { cniVersion: '1.1.0', name: 'net1', type: 'portmap', ...keys, runtimeConfig, prevResult }
  }
