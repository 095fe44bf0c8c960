import t from 'tap'
import { call, must } from '../support/call.ts'
import { cyclesOr } from '../support/cycles.ts'
import { withHost } from '../support/host.ts'
import { attachedTo, join, leave, network } from '../support/policy.ts'
import { settles, stateOf } from '../support/state.ts'

const elements = async (ruleset: Promise<string>): Promise<string[]> =>
  [...(await ruleset).matchAll(/elements = \{([^}]*)\}/g)].flatMap(([, text = '']) =>
    text.split(',').map(s => s.trim()),
  )

const cycles = cyclesOr(15)

for (const holder of ['bridge', 'firewall'] as const) {
  t.test(`${cycles} cycles under a policy held by ${holder} leave the host as it was after the first`, t =>
    withHost(t, async host => {
      await host.sh('iptables -P FORWARD DROP; ip6tables -P FORWARD DROP')
      const own = network(1, holder, { isolation: 'internal', hostAccess: 'dns' })
      const sandbox = await host.sandbox('a')
      const cycle = async () => {
        await join(host, own, sandbox)
        await leave(host, own, sandbox)
      }
      await cycle()
      const before = await stateOf(host)
      for (let n = 0; n < cycles; n++) await cycle()
      await settles(t, host, before, `after ${cycles} cycles`)
      t.same(await elements(host.ruleset()), ['"cni1" . "cni1"'], 'all that stays is the name of the bridge')
    }),
  )

  t.test(`a policy that changes is that of new containers, held by ${holder}`, t =>
    withHost(t, async host => {
      const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
      const closed = network(1, holder, { isolation: 'internal', hostAccess: 'none' })
      const open = network(1, holder, { isolation: 'open' })
      await join(host, closed, a)
      await join(host, open, b)
      const now = (await elements(host.ruleset())).filter(each => each.includes('net1 eth0'))
      t.equal(now.filter(each => each.includes('net1 eth0 a')).length, 3 + 4, 'the old one keeps its own')
      t.equal(
        now.filter(each => each.includes('net1 eth0 b')).length,
        4 + 2,
        'the new one has masquerade, and is exempt',
      )
      const other = network(2, holder, { isolation: 'same-network' })
      const c = await host.sandbox('c')
      await join(host, other, c)
      const ping = async (address: string) => (await c.exec(['ping', '-c1', '-W1', address])).code
      t.equal(await ping('10.81.0.3'), 0, 'other networks reach the new one')
      t.equal(await ping('fd00:81::3'), 0)
      t.not(await ping('10.81.0.2'), 0, 'and not the old one')
      await leave(host, other, c)
      await leave(host, open, a)
      await leave(host, open, b)
      const names = (await elements(host.ruleset())).toSorted()
      t.same(names, ['"cni1" . "cni1"', '"cni2" . "cni2"'], 'each goes with its own')
    }),
  )
}

t.test('the elements of a policy', t =>
  withHost(t, async host => {
    await host.sandbox('a')
    const base = attachedTo('a')
    const rows = {
      open: ['"cni1" . 10.81.0.2 comment "net1 eth0 a"', '"cni1" . fd00:81::2 comment "net1 eth0 a"'],
      'same-network': ['"cni1" . "cni1"', '"veth1" comment "net1 eth0 a" : 02:66:6c:64:01:00'],
      isolated: [
        '"cni1" . "cni1"',
        '"veth1" comment "net1 eth0 a" : 02:66:6c:64:02:00',
        '"veth1" comment "net1 eth0 a"',
      ],
      internal: [
        '"cni1" . "cni1"',
        '"cni1" . 10.81.0.2 comment "net1 eth0 a"',
        '"cni1" . fd00:81::2 comment "net1 eth0 a"',
        '"veth1" comment "net1 eth0 a" : 02:66:6c:64:03:00',
      ],
    }
    for (const [isolation, wanted] of Object.entries(rows)) {
      const conf = { ...base, isolation }
      await must(host, 'ADD', conf, { containerId: 'a', netns: '/run/netns/a' })
      t.same((await elements(host.ruleset())).toSorted(), wanted.toSorted(), isolation)
      await must(host, 'ADD', conf, { containerId: 'a', netns: '/run/netns/a' })
      t.same((await elements(host.ruleset())).toSorted(), wanted.toSorted(), `${isolation}, added again`)
      await must(host, 'DEL', conf, { containerId: 'a', netns: '/run/netns/a' })
      await must(host, 'DEL', conf, { containerId: 'a', netns: '' })
    }
  }),
)

t.test('what the plugin before answered is what this one answers', t =>
  withHost(t, async host => {
    await host.sandbox('a')
    const { prevResult, ...base } = attachedTo('a')
    const options = { containerId: 'a', netns: '/run/netns/a' }
    for (const backend of ['', 'auto', 'nftables', undefined]) {
      const { result } = await call(host, 'ADD', { ...base, type: 'firewall', prevResult, backend }, options)
      t.match(result, prevResult as object, `backend ${JSON.stringify(backend)}`)
    }
    const layer2 = { cniVersion: '1.0.0', interfaces: [{ name: 'eth0', sandbox: '/run/netns/a' }] }
    const conf = { ...base, type: 'firewall', cniVersion: '1.0.0', prevResult: layer2 }
    t.match(
      (await call(host, 'ADD', conf, options)).result,
      layer2,
      'without addresses, and without a link on the host',
    )
    await must(host, 'CHECK', conf, options)
  }),
)

t.test('DEL succeeds whatever it is told', t =>
  withHost(t, async host => {
    const { prevResult, ...base } = attachedTo('gone')
    const confs = [
      { ingressPolicy: 'closed' },
      { backend: 'none' },
      { isolation: 7, prevResult },
      { prevResult: { ips: [{ address: 'x' }] } },
      { backend: 'firewalld', prevResult },
      { backend: 'iptables', prevResult },
    ]
    for (const conf of confs) {
      const { code, stdout } = await call(host, 'DEL', { ...base, type: 'firewall', ...conf }, { netns: '' })
      t.same({ code, stdout }, { code: 0, stdout: '' }, JSON.stringify(conf))
    }
  }),
)

t.test('a host end without a bridge is a network to itself', t =>
  withHost(t, async host => {
    await host.sandbox('a')
    await host.sh('ip link add veth1 type veth peer name eth0 netns a; ip link set veth1 up')
    const { prevResult, ...base } = attachedTo('a')
    const { interfaces, ...rest } = prevResult as { interfaces: readonly object[] }
    const conf = {
      ...base,
      type: 'firewall',
      isolation: 'internal',
      prevResult: { ...rest, interfaces: interfaces.slice(1) },
    }
    conf.prevResult = JSON.parse(JSON.stringify(conf.prevResult).replaceAll('"interface":2', '"interface":1'))
    const options = { containerId: 'a', netns: '/run/netns/a' }
    await must(host, 'ADD', conf, options)
    t.match(await host.ruleset(), /"veth1" \. "veth1"/)
    t.match(await host.ruleset(), /"veth1" \. 10\.81\.0\.2 comment/)
    await must(host, 'CHECK', conf, options)
    await must(host, 'DEL', conf, options)
    t.same(await elements(host.ruleset()), [], 'and nothing of it stays')
  }),
)
