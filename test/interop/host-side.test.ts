import t, { type Test } from 'tap'
import { type Conf, call, hostLocal, must } from '../support/call.ts'
import { type Host, type Sandbox, withHost } from '../support/host.ts'
import { stateOf } from '../support/state.ts'
import { differences } from './compare.ts'
import { alone } from './intended.ts'
import { go, ours, within } from './plugins.ts'

const ipam = hostLocal('10.88.0.0/16', 'fd00:88::/64')
const conf = (type: string, change: object = {}): Conf => ({ cniVersion: '1.0.0', name: 'net1', type, ipam, ...change })

const device = `ip link add lan0 address 02:00:00:00:00:10 type veth peer name lan1 address 02:00:00:00:00:11
ip link set lan1 addrgenmode none up
ip link set lan0 addrgenmode none
for link in up0 up1; do ip link set $link addrgenmode none; ip -6 address flush dev $link; done`

const networks: Readonly<Record<string, Conf>> = {
  ptp: conf('ptp'),
  'a masqueraded ptp': conf('ptp', { ipMasq: true, ipMasqBackend: 'nftables' }),
  'a ptp masqueraded by iptables': conf('ptp', { ipMasq: true, ipMasqBackend: 'iptables' }),
  tap: conf('tap', { mtu: 1400, mac: '02:00:00:00:00:07' }),
  'a tap without addresses': conf('tap', { ipam: undefined }),
  'host-device': conf('host-device', { device: 'lan0' }),
  'host-device without addresses': conf('host-device', { device: 'lan0', ipam: undefined }),
}

/** What is left of an attachment: links, addresses, routes, rules and leases; each suite has files of its own beside them. */
async function left(host: Host) {
  const { links, addresses, routes, sandboxes, files = [] } = await stateOf(host)
  const rules = await host.sh('nft -a list ruleset | grep -E "10\\.88|fd00:88|CNI-" || :')
  return { links, addresses, routes, sandboxes, rules, leases: files.filter(line => /net1\/(10|fd)/.test(line)) }
}

interface Stage {
  readonly host: Host
  readonly netns: Sandbox
}

/** A host that both suites were used on, so that what stays is there. */
async function staged(t: Test, network: Conf, body: (stage: Stage) => Promise<void>): Promise<void> {
  await withHost(t, async host => {
    await host.sh(device)
    const netns = await host.sandbox('a')
    for (const suite of [go, ours]) {
      const prevResult = await must(host, 'ADD', network, { netns, ...within(suite) })
      await must(host, 'DEL', { ...network, prevResult }, { netns, ...within(suite) })
    }
    // The reference leaves a device down, whatever it was.
    await host.sh('ip link set lan0 down')
    await body({ host, netns })
  })
}

for (const [what, network] of Object.entries(networks)) {
  for (const [first, second] of [
    [go, ours],
    [ours, go],
  ] as const) {
    const who = first === go ? 'our DEL removes what the Go plugin added' : 'the Go plugin’s DEL removes what we added'
    t.test(`${who}: ${what}`, t =>
      staged(t, network, async ({ host, netns }) => {
        const before = await left(host)
        const prevResult = await must(host, 'ADD', network, { netns, ...within(first) })
        t.equal((await netns.ip('link', 'show', 'dev', 'eth0')).length, 1)
        await call(host, 'DEL', { ...network, prevResult }, { netns, ...within(second) })
        const after = await left(host)
        // What the reference does not know of goes with our GC.
        if (first === go) t.same(after, before)
        else t.same({ ...after, rules: '' }, { ...before, rules: '' })
        const collecting = { ...network, cniVersion: '1.1.0', 'cni.dev/valid-attachments': [] }
        await must(host, 'GC', collecting, { containerId: '', ifName: '', ...within(ours) })
        t.same(await left(host), before)
        await must(host, 'DEL', network, { netns, ...within(ours) })
      }),
    )
  }
}

t.test('our DEL gives the lease of a Go attachment back, its sandbox gone', t =>
  withHost(t, async host => {
    for (const type of ['ptp', 'tap']) {
      const netns = await host.sandbox(type)
      await must(host, 'ADD', conf(type), { netns, ...within(go) })
      await netns.remove()
      await must(host, 'DEL', conf(type), { containerId: type, ...within(ours) })
      t.same((await left(host)).leases, [], type)
    }
  }),
)

t.test('our DEL removes a wire of the Go plugin’s without the path of its namespace, which lives on', t =>
  withHost(t, async host => {
    const netns = await host.sandbox('a')
    for (const type of ['masqueraded', 'plain']) {
      const network = conf('ptp', type === 'plain' ? {} : { ipMasq: true })
      const before = await left(host)
      const prevResult = await must(host, 'ADD', network, { netns, ...within(go) })
      await must(host, 'DEL', { ...network, prevResult }, { containerId: 'a', ...within(ours) })
      t.same(await left(host), before, type)
    }
  }),
)

t.test('both make the same of a device, intended differences apart', t =>
  withHost(t, async host => {
    await host.sh(device)
    const netns = await host.sandbox('a')
    for (const version of ['0.3.1', '0.4.0', '1.0.0', '1.1.0'] as const) {
      const network = { ...conf('host-device', { device: 'lan0' }), cniVersion: version, name: `net${version}` }
      const answers = []
      for (const suite of [go, ours]) {
        answers.push(await call(host, 'ADD', network, { netns, ...within(suite) }))
        await must(host, 'DEL', network, { netns, ...within(suite) })
      }
      const [theirs, own] = answers
      if (!theirs || !own) throw new Error('nothing was answered')
      // The second takes the next address.
      const same = differences(theirs, own).filter(each => !/^ips\.\d\.address: /.test(each))
      t.same(same, alone(1500, { v4: '10.88.0.1', v6: 'fd00:88::1' })(version), version)
    }
  }),
)

t.test('a wire of ours leads to one of the reference’s, and back', t =>
  withHost(t, async host => {
    const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
    const before = await stateOf(host)
    await must(host, 'ADD', conf('ptp'), { netns: a, ...within(go) })
    const { ips } = await must(host, 'ADD', conf('ptp'), { netns: b, ...within(ours) })
    for (const { address } of ips) {
      // The reference’s gateway is not there until its duplicate address detection is over.
      const ran = await a.exec(['ping', '-c1', '-w5', address.split('/')[0]])
      t.equal(ran.code, 0, `${address} answers`)
    }
    await must(host, 'DEL', conf('ptp'), { netns: a, ...within(ours) })
    await must(host, 'DEL', conf('ptp'), { netns: b, ...within(ours) })
    const { links, routes } = await stateOf(host)
    t.same(links, before.links)
    t.notMatch(routes?.join('\n'), /10\.88/)
  }),
)
