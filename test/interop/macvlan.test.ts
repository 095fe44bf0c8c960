import t, { type Test } from 'tap'
import { type Conf, call, must } from '../support/call.ts'
import { type Host, type Sandbox, startHost } from '../support/host.ts'
import { answering, known, lanConf, withLan } from '../support/lan.ts'
import { machine } from '../support/outside.ts'
import { differences } from './compare.ts'
import { alone, type Intended } from './intended.ts'
import { go, leases, mixed, ours, sandboxLinks, within } from './plugins.ts'

const v4 = {
  type: 'host-local',
  ranges: [[{ subnet: '192.0.2.0/24', rangeStart: '192.0.2.16', gateway: '192.0.2.2' }]],
  routes: [{ dst: '0.0.0.0/0' }],
}
const lan = (change: object = {}): Conf => lanConf({ cniVersion: '1.0.0', ...change })

const networks: Readonly<Record<string, Conf>> = {
  'one family': lan({ ipam: v4 }),
  'both families': lan(),
  'no addresses': lan({ ipam: undefined }),
  passthru: lan({ mode: 'passthru', ipam: v4 }),
  'an MTU, a MAC and a mode': lan({ mtu: 1400, mac: '02:00:00:00:00:07', mode: 'private', ipam: v4 }),
}

const left = async (host: Host, sandbox: Sandbox) => [...(await sandboxLinks(sandbox)), ...(await leases(host, 'lan'))]

for (const [what, conf] of Object.entries(networks)) {
  t.test(`our DEL removes what the Go macvlan added: ${what}`, t =>
    withLan(t, async host => {
      const netns = await host.sandbox('a')
      const prevResult = await must(host, 'ADD', conf, { netns, ...within(go) })
      t.ok((await left(host, netns)).includes('eth0'))
      await must(host, 'DEL', { ...conf, prevResult }, { netns, ...within(ours) })
      t.same(await left(host, netns), [])
    }),
  )

  t.test(`the Go macvlan’s DEL removes what we added, and our GC the record: ${what}`, t =>
    withLan(t, async host => {
      const netns = await host.sandbox('a')
      const prevResult = await must(host, 'ADD', conf, { netns, ...within(ours) })
      t.ok((await left(host, netns)).includes('eth0'))
      t.equal((await call(host, 'DEL', { ...conf, prevResult }, { netns, ...within(go) })).code, 0)
      t.same(await left(host, netns), [])
      await must(host, 'GC', { ...conf, cniVersion: '1.1.0', 'cni.dev/valid-attachments': [] }, within(ours))
      t.notMatch(Object.keys(await host.files()).join('\n'), /attachments/)
    }),
  )
}

t.test('our DEL gives the lease of a Go attachment back, its sandbox gone', t =>
  withLan(t, async host => {
    const netns = await host.sandbox('a')
    await must(host, 'ADD', lan({ ipam: v4 }), { netns, ...within(go) })
    await netns.remove()
    await must(host, 'DEL', lan({ ipam: v4 }), { containerId: 'a', ...within(ours) })
    t.same(await leases(host, 'lan'), [])
  }),
)

t.test('the Go host-local serves our macvlan', t =>
  withLan(t, async host => {
    const path = mixed(t, { macvlan: 'ours', 'host-local': 'go' })
    const netns = await host.sandbox('a')
    const conf = lan({ ipam: v4 })
    const prevResult = await must(host, 'ADD', conf, { netns, from: path, path })
    t.same(await answering(netns, known.outside[0]), [known.outside[0]])
    await must(host, 'CHECK', { ...conf, prevResult }, { netns, from: path, path })
    await must(host, 'DEL', conf, { netns, from: path, path })
    t.same(await left(host, netns), [])
  }),
)

t.test('containers of both suites are neighbours', t =>
  withLan(t, async host => {
    const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
    await must(host, 'ADD', lan(), { netns: a, ...within(go) })
    const { ips } = await must(host, 'ADD', lan(), { netns: b, ...within(ours) })
    const addresses = ips.map(({ address }: { address: string }) => address.replace(/\/.*/, ''))
    t.same(await answering(a, ...addresses), addresses)
  }),
)

const rows: Readonly<Record<string, readonly [object, Intended]>> = {
  'one family': [{ ipam: v4 }, alone(1500, { v4: '192.0.2.2' })],
  'both families': [{}, alone(1500, { v4: '192.0.2.2', v6: '2001:db8::2' })],
  'an MTU': [{ mtu: 1400, ipam: v4 }, alone(1400, { v4: '192.0.2.2' })],
  'no addresses': [{ ipam: undefined }, alone(1500)],
}

/** What both answer, each on a host of its own, so that they name everything alike. */
async function compare(t: Test, change: object, intended: Intended): Promise<void> {
  const pair = await Promise.all([startHost(), startHost()])
  t.teardown(async () => void (await Promise.all(pair.map(host => host.stop()))))
  for (const host of pair) await machine(host)
  for (const version of ['0.3.1', '0.4.0', '1.0.0', '1.1.0'] as const) {
    const answers = pair.map(async (host, suite) => {
      const netns = await host.sandbox('a')
      const conf = lan({ ...change, cniVersion: version, name: `lan${version}` })
      const answer = await call(host, 'ADD', conf, { netns, ...within(suite === 0 ? go : ours) })
      await netns.remove()
      return answer
    })
    const [theirs, own] = await Promise.all(answers)
    if (!theirs || !own) throw new Error('nothing was answered')
    t.same(differences(theirs, own), intended(version), version)
  }
}

for (const [what, [change, intended]] of Object.entries(rows)) {
  t.test(`the result is the reference’s, intended differences apart: ${what}`, t => compare(t, change, intended))
}
