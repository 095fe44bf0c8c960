/** Hosts on one underlay, a machine that is on none of their networks, and an overlay between them. */
import type { Test } from 'tap'
import { type CallOptions, type Conf, call, must } from './call.ts'
import { type Host, type Sandbox, startHost } from './host.ts'
import { until } from './until.ts'

/** Who ends what has been started: a test, or whatever else runs to an end. */
export interface Ending {
  teardown(end: () => unknown): unknown
}

/** What hosts call each other by; the machine outside has the last. */
export const underlay = (family: 4 | 6, number: number): string =>
  family === 4 ? `10.99.0.${number}` : `fd99::${number}`
export const outside = 100

export interface Lab {
  /** Numbered from 1 on; their bridge of the underlay, which is the machine outside too, is not among them. */
  readonly hosts: readonly Host[]
  readonly outside: Host
}

/** Puts a host on the underlay, which leads it everywhere, in the place of the uplink that it has. */
const plug = (number: number, mtu: number) => `
ip link del up0
ip link set port${number} name eth0
ip link set eth0 addrgenmode none mtu ${mtu} up
ip address add ${underlay(4, number)}/24 dev eth0
ip address add ${underlay(6, number)}/64 dev eth0 nodad
ip route add default via ${underlay(4, outside)}
ip -6 route add default via ${underlay(6, outside)}`

/** The underlay. */
const ground = `
ip link del up0
ip link add sw0 type bridge mcast_snooping 0
ip link set sw0 addrgenmode none up
ip address add ${underlay(4, outside)}/24 dev sw0
ip address add ${underlay(6, outside)}/64 dev sw0 nodad`

/** Runs a test body with so many hosts. */
export async function withHosts(
  t: Ending,
  count: number,
  body: (lab: Lab) => Promise<void>,
  mtu = 1500,
): Promise<void> {
  const [outside, ...hosts] = await Promise.all(Array.from({ length: count + 1 }, () => startHost()))
  if (!outside) throw new Error('there is no host')
  t.teardown(() => Promise.all([outside, ...hosts].map(host => host.stop())))
  await outside.sh(ground)
  for (const [index, host] of hosts.entries()) {
    await outside.sh(`
      ip link add sw${index + 1} type veth peer name port${index + 1} netns ${host.pid}
      ip link set sw${index + 1} master sw0 addrgenmode none up`)
    await host.sh(plug(index + 1, mtu))
  }
  await body({ hosts, outside })
}

export const subnets = ['10.200.0.0/16', 'fd20::/64'] as const

/** The blocks of a host: 10.200.N.0/26, and what is at the same place in IPv6. */
export const nodes = (family: 4 | 6, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    address: underlay(family, index + 1),
    blocks: [`10.200.${index + 1}.0/26`],
  }))

/** An overlay of as many hosts, the same file for all of them. */
export const overlayConf = (family: 4 | 6, count: number, change: Readonly<Record<string, unknown>> = {}): Conf => ({
  cniVersion: '1.1.0',
  name: 'overlay1',
  type: 'vxlan-overlay',
  controlPlane: { type: 'static', nodes: nodes(family, count) },
  ipam: { type: 'host-local', ranges: subnets.map(subnet => [{ subnet }]) },
  ...change,
})

export interface Container {
  readonly host: Host
  readonly sandbox: Sandbox
  // biome-ignore lint/suspicious/noExplicitAny: a result as the plugin prints it
  readonly result: any
  readonly v4: string
  readonly v6: string
}

/** A new container on a network. */
export async function join(host: Host, name: string, conf: Conf, options: CallOptions = {}): Promise<Container> {
  const sandbox = await host.sandbox(name)
  // As a runtime does: what a host has to get first may take longer than an ADD waits.
  const add = async () => {
    const answer = await call(host, 'ADD', conf, { netns: sandbox, ...options })
    return answer.error?.code === 11 ? undefined : answer
  }
  const { result, error } = (await until(add)) ?? {}
  if (!result) throw new Error(`ADD of ${name}: ${JSON.stringify(error)}`)
  const bare = result.ips.map(({ address }: { address: string }) => address.split('/')[0])
  const of = (v6: boolean): string => bare.find((address: string) => address.includes(':') === v6) ?? ''
  return { host, sandbox, result, v4: of(false), v6: of(true) }
}

/** Takes a container from a network. */
export async function leave({ host, sandbox }: Container, conf: Conf): Promise<void> {
  await must(host, 'DEL', conf, { netns: sandbox })
}

/** Runs a test body with two hosts, and the machine outside. */
export const twoHosts = (t: Test, body: (one: Host, two: Host, outside: Host) => Promise<void>): Promise<void> =>
  withHosts(t, 2, async ({ hosts: [one, two], outside }) => {
    if (!one || !two) throw new Error('there are no hosts')
    await body(one, two, outside)
  })
