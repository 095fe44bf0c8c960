import type { Test } from 'tap'
import t from 'tap'
import { type Conf, must } from '../support/call.ts'
import { type Container, join, type Lab, leave, outside, overlayConf, underlay, withHosts } from '../support/overlay.ts'
import { ping } from '../support/ping.ts'

/** Two containers on the first host, one on each of the others. */
async function populate({ hosts }: Lab, conf: Conf): Promise<readonly Container[]> {
  const joined: Container[] = []
  for (const [index, host] of [...hosts, ...hosts.slice(0, 1)].entries())
    joined.push(await join(host, `c${index}`, conf))
  return joined
}

const families = ['v4', 'v6'] as const
const addressesOf = (container: Container): readonly string[] => families.map(each => container[each]).filter(Boolean)

async function everybody(t: Test, containers: readonly Container[]): Promise<void> {
  for (const from of containers) {
    const others = containers.filter(each => each !== from).flatMap(addressesOf)
    const times = await Promise.all(others.map(address => ping(from.sandbox, address)))
    t.same(
      others.filter((_, index) => times[index] === undefined),
      [],
      `${from.v4 || from.v6} reaches all others`,
    )
  }
}

/** Outside and back, hosts and containers, and the gateway. */
async function beyond(t: Test, lab: Lab, containers: readonly Container[]): Promise<void> {
  for (const { sandbox, result, v4, v6 } of containers) {
    const gateways = result.ips.map((each: { gateway: string }) => each.gateway)
    const away = [
      ...(v4 ? [underlay(4, outside), underlay(4, 2)] : []),
      ...(v6 ? [underlay(6, outside), underlay(6, 2)] : []),
    ]
    for (const address of [...gateways, ...away])
      t.type(await ping(sandbox, address), 'number', `${v4 || v6} reaches ${address}`)
  }
  for (const host of lab.hosts) {
    for (const address of containers.flatMap(addressesOf))
      t.type(await ping(host, address), 'number', `a host reaches ${address}`)
  }
}

/** A packet of full size passes as it is, and one that has a byte more is refused where it is sent. */
async function sizes(t: Test, { sandbox, result }: Container, to: Container): Promise<void> {
  const { mtu } = result.interfaces[2]
  for (const [address, header] of [
    [to.v4, 28],
    [to.v6, 48],
  ] as const) {
    if (!address) continue
    const size = mtu - header
    t.type(await ping(sandbox, address, '-M', 'do', '-s', String(size)), 'number', `${mtu} bytes to ${address} pass`)
    const { code, stdout, stderr } = await sandbox.exec([
      'ping',
      '-c1',
      '-W1',
      '-M',
      'do',
      '-s',
      String(size + 1),
      address,
    ])
    t.match({ code, said: `${stdout}${stderr}` }, { code: 1, said: /[Mm]essage too long/ }, 'and one more does not')
  }
}

const networks: Readonly<Record<string, { family: 4 | 6; change: Readonly<Record<string, unknown>>; mtu: number }>> = {
  'two families over IPv4': { family: 4, change: {}, mtu: 1450 },
  'two families over IPv6': { family: 6, change: {}, mtu: 1430 },
  'IPv4 over IPv6': {
    family: 6,
    change: { ipam: { type: 'host-local', ranges: [[{ subnet: '10.200.0.0/16' }]] } },
    mtu: 1430,
  },
  'IPv6 over IPv4': {
    family: 4,
    change: {
      controlPlane: {
        type: 'static',
        nodes: [1, 2, 3].map(number => ({ address: underlay(4, number), blocks: [`fd20::${number}00/122`] })),
      },
      ipam: { type: 'host-local', ranges: [[{ subnet: 'fd20::/64' }]] },
    },
    mtu: 1450,
  },
  'routed between hosts': { family: 4, change: { mode: 'l3' }, mtu: 1450 },
  'routed between hosts over IPv6': { family: 6, change: { mode: 'l3' }, mtu: 1430 },
}

for (const [name, { family, change, mtu }] of Object.entries(networks)) {
  t.test(`an overlay of ${name}`, t =>
    withHosts(t, 3, async lab => {
      const conf = overlayConf(family, 3, change)
      const containers = await populate(lab, conf)
      const [first, second] = containers
      if (!first || !second) throw new Error('nobody is there')
      t.equal(first.result.interfaces[2].mtu, mtu, 'it leaves room for the tunnel')
      await everybody(t, containers)
      await beyond(t, lab, containers)
      await sizes(t, first, second)
      for (const container of containers) {
        const { result: prevResult, host, sandbox: netns } = container
        t.equal(await must(host, 'CHECK', { ...conf, prevResult }, { netns }), undefined, 'CHECK is silent')
        await leave(container, conf)
      }
      for (const host of lab.hosts) {
        t.same(
          (await host.ip('link')).map(({ ifname }) => ifname).sort(),
          ['eth0', 'lo'],
          'the last takes all links along',
        )
        t.notMatch(await host.ruleset(), 'elements', 'and all elements')
      }
    }),
  )
}
