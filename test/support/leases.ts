/** host-local as another vendor's plugin calls it: an executable of its own. */
import type { Test } from 'tap'
import { type CallOptions, type Conf, must } from './call.ts'
import { type Host, withHost } from './host.ts'

type Keys = Readonly<Record<string, unknown>>

/** The configuration of a network whose `ipam` is this. */
export const lease = (ipam: Keys | null, change: Keys = {}): Conf => ({
  cniVersion: '1.1.0',
  name: 'net1',
  ipam: ipam && { type: 'host-local', ...ipam },
  ...change,
  type: 'host-local',
})

/** Where it keeps the leases. */
export const directory = '/var/lib/cni/networks/net1'

/** A container in the one sandbox of `withSandbox`. */
export const as = (containerId: string, more: CallOptions = {}): CallOptions => ({
  netns: '/run/netns/x',
  containerId,
  ...more,
})

/** A host with one sandbox. It lives, so that no lease of its containers can be reclaimed. */
export const withSandbox = (t: Test, body: (host: Host) => Promise<void>): Promise<void> =>
  withHost(t, async host => {
    await host.sandbox('x')
    await body(host)
  })

/** What an ADD leases. */
export async function addresses(host: Host, conf: Conf, options: CallOptions): Promise<readonly string[]> {
  const { ips } = await must(host, 'ADD', conf, options)
  return ips.map(({ address }: { address: string }) => address)
}
