import t from 'tap'
import { bridgeConf, call, hostLocal, must } from '../support/call.ts'
import { type Host, type Sandbox, withHost } from '../support/host.ts'
import { go, leases, ours, within } from './plugins.ts'

/** host-local alone, on a subnet. */
const leaseConf = (subnet: string) => ({ ...bridgeConf({ ipam: hostLocal(subnet) }), type: 'host-local' })

const bareAddress = (result: { ips: { address: string }[] }) => result.ips[0]?.address.split('/')[0] ?? ''

t.test('plugins of both suites in turn fill a range without giving an address twice', t =>
  withHost(t, async host => {
    const netns = await host.sandbox('a')
    const conf = leaseConf('10.88.0.0/28')
    const turn = (index: number) => ({ netns: netns.path, containerId: `c${index}`, ...within(index % 2 ? go : ours) })
    const given: string[] = []
    for (let index = 0; index < 13; index++) given.push(bareAddress(await must(host, 'ADD', conf, turn(index))))
    t.same(
      given,
      Array.from({ length: 13 }, (_, index) => `10.88.0.${index + 2}`),
    )
    for (const index of [13, 14]) t.equal((await call(host, 'ADD', conf, turn(index))).code, 1, 'the range is full')
    for (const [freed, by, again] of [
      [3, ours, 20],
      [6, go, 21],
    ] as const) {
      await must(host, 'DEL', conf, { ...turn(freed), ...within(by) })
      t.equal(
        bareAddress(await must(host, 'ADD', conf, turn(again))),
        given[freed],
        'what one gave, the other gives back',
      )
    }
    t.equal((await leases(host)).length, 13)
  }),
)

t.test('an address that one suite holds, the other refuses', t =>
  withHost(t, async host => {
    const netns = await host.sandbox('a')
    const conf = leaseConf('10.88.0.0/24')
    for (const [holder, asker, ip] of [
      [go, ours, '10.88.0.50'],
      [ours, go, '10.88.0.60'],
    ] as const) {
      const args = `IP=${ip}`
      await must(host, 'ADD', conf, { netns, containerId: `h${ip}`, args, ...within(holder) })
      const { code } = await call(host, 'ADD', conf, { netns, containerId: `a${ip}`, args, ...within(asker) })
      t.equal(code, 1)
      t.equal((await host.sh(`cat /var/lib/cni/networks/net1/${ip}`)).split('\r')[0], `h${ip}`)
    }
  }),
)

interface Held {
  readonly id: string
  readonly address: string
}

/** Leases and gives back for a while; the lease file must name its owner from the answer until the DEL. */
async function work(host: Host, netns: Sandbox, name: string, directory: string): Promise<readonly Held[]> {
  const conf = leaseConf('10.88.0.0/27')
  const options = (id: string) => ({ netns, containerId: id, ...within(directory) })
  const held: Held[] = []
  for (let round = 0; round < 12; round++) {
    const id = `${name}-${round}`
    const address = bareAddress(await must(host, 'ADD', conf, options(id)))
    held.push({ id, address })
    const [oldest] = held
    if (held.length < 6 || !oldest) continue
    const owner = (await host.sh(`cat /var/lib/cni/networks/net1/${oldest.address}`)).split('\r')[0]
    if (owner !== oldest.id) throw new Error(`${oldest.address} of ${oldest.id} was given to ${owner}`)
    await must(host, 'DEL', conf, options(oldest.id))
    held.shift()
  }
  return held
}

t.test('four workers of both suites at a time never hold one address twice', t =>
  withHost(t, async host => {
    const netns = await host.sandbox('a')
    const workers = ['g1', 'o1', 'g2', 'o2'].map(name => work(host, netns, name, name.startsWith('g') ? go : ours))
    const held = (await Promise.all(workers)).flat()
    t.equal(held.length, 20)
    t.equal(new Set(held.map(({ address }) => address)).size, held.length)
    for (const { id, address } of held) {
      t.equal((await host.sh(`cat /var/lib/cni/networks/net1/${address}`)).split('\r')[0], id)
    }
  }),
)
