/** A LAN that the host's uplink is on, with a machine beside the host, and networks of containers there. */
import type { Test } from 'tap'
import { type Conf, must } from './call.ts'
import { type Host, type Sandbox, withHost } from './host.ts'
import { machine } from './outside.ts'
import { answers } from './ping.ts'

/** Of the host, and of the machine beside it. */
export const known = { host: ['192.0.2.1', '2001:db8::1'], outside: ['192.0.2.2', '2001:db8::2'] } as const

/** Addresses for containers, with the machine outside as their router. */
export const lanIpam = {
  type: 'host-local',
  ranges: [
    [{ subnet: '192.0.2.0/24', rangeStart: '192.0.2.16', gateway: '192.0.2.2' }],
    [{ subnet: '2001:db8::/64', rangeStart: '2001:db8::10', gateway: '2001:db8::2' }],
  ],
  routes: [{ dst: '0.0.0.0/0' }, { dst: '::/0' }],
}

/** A network of macvlan on the uplink. */
export const lanConf = (change: Readonly<Record<string, unknown>> = {}): Conf => ({
  cniVersion: '1.1.0',
  name: 'lan',
  type: 'macvlan',
  master: 'up0',
  ipam: lanIpam,
  ...change,
})

/** The same with one address that is written down. */
export const fixedConf = (address: string, change: Readonly<Record<string, unknown>> = {}): Conf =>
  lanConf({ ipam: { type: 'static', addresses: [{ address }] }, ...change })

export interface Neighbour {
  readonly sandbox: Sandbox
  readonly mac: string
  /** Without prefix length. */
  readonly addresses: readonly string[]
}

/** A new container on a network. */
export async function join(host: Host, name: string, conf: Conf): Promise<Neighbour> {
  const sandbox = await host.sandbox(name)
  const { interfaces, ips = [] } = await must(host, 'ADD', conf, { netns: sandbox })
  const addresses = ips.map(({ address }: { address: string }) => address.replace(/\/.*/, ''))
  return { sandbox, mac: interfaces.at(-1).mac, addresses }
}

/** Those of the addresses that answer. */
export async function answering(from: Pick<Sandbox, 'exec'>, ...addresses: readonly string[]): Promise<string[]> {
  const answered = await Promise.all(addresses.map(address => answers(from, address)))
  return addresses.filter((_, index) => answered[index])
}

/** Runs a test body on a host whose uplink leads to a LAN. */
export const withLan = (t: Test, body: (host: Host, outside: Sandbox) => Promise<void>): Promise<void> =>
  withHost(t, async host => body(host, await machine(host)))
