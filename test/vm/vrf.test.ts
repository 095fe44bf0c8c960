import t from 'tap'
import { call, must } from '../support/call.ts'
import { type Sandbox, withHost } from '../support/host.ts'
import { answers } from '../support/ping.ts'
import { networkOf, recordsOf, routing, tableOf, vrfs, type Wired, wire } from '../support/routed.ts'

/** The master of an interface, and its addresses. */
async function standing(sandbox: Sandbox, dev = 'eth0'): Promise<readonly [string, readonly string[]]> {
  const [link] = await sandbox.ip('address', 'show', 'dev', dev)
  return [link.master ?? '', link.addr_info.map(({ local }: { local: string }) => local).toSorted()]
}

/** What it is without the rule that the kernel makes for the first VRF, and keeps. */
const ways = async (sandbox: Sandbox): Promise<readonly string[]> =>
  (await routing(sandbox)).filter(line => !/l3mdev/.test(line)).toSorted()

t.test('an interface moves into a VRF with its addresses and routes, and comes back with DEL', t =>
  withHost(t, async host => {
    const sandbox = await host.sandbox('a')
    const { conf, options, bridge, result } = await wire(host, sandbox, 'eth0', networkOf(1))
    await host.sh(
      'ip -n a route add 10.200.0.0/16 via 10.1.0.254 metric 7 mtu 1300; ip -n a route add 10.201.0.0/16 dev eth0 table 50',
    )
    const [before, addresses] = [await ways(sandbox), await standing(sandbox)]
    const answer = await must(host, 'ADD', conf('vrf', { vrfname: 'blue' }), options)
    t.same(answer, result, 'the result passes through')
    t.same(await standing(sandbox), ['blue', addresses[1]], 'all addresses are there')
    t.same(await vrfs(sandbox), { blue: 1 })
    const table = await tableOf(sandbox, 1)
    for (const wanted of [
      /^default via 10\.1\.0\.1 dev eth0$/,
      /^10\.1\.0\.0\/24 dev eth0 proto 2/,
      /^10\.200\.0\.0\/16 via 10\.1\.0\.254 dev eth0 metric 7 mtu 1300$/,
      /^default via fd00:1::1 dev eth0 metric 1024/,
      /^fd00:1::\/64 dev eth0 proto 2/,
    ]) {
      t.ok(
        table.some(line => wanted.test(line)),
        String(wanted),
      )
    }
    t.same((await tableOf(sandbox, 50)).length, 1, 'a route in another table is still there')
    t.same(
      (await ways(sandbox)).filter(line => !/table|lookup/.test(line)),
      [],
      'main is empty',
    )
    await must(host, 'CHECK', { ...conf('vrf', { vrfname: 'blue' }), prevResult: answer }, options)
    await must(host, 'CHECK', { ...bridge, prevResult: answer }, options)
    t.ok(await answers(sandbox, '10.1.0.1', '-I', 'blue'), 'the gateway answers')
    t.ok(await answers(sandbox, 'fd00:1::1', '-I', 'blue'), 'with IPv6 too')
    await must(host, 'ADD', conf('vrf', { vrfname: 'blue' }), options)
    await must(host, 'DEL', conf('vrf', { vrfname: 'blue' }), options)
    t.same(await standing(sandbox), addresses)
    t.same(await ways(sandbox), before)
    t.same(await vrfs(sandbox), {}, 'the VRF goes with its last interface')
    t.same(await recordsOf(host, 'vrf'), [])
  }),
)

t.test('what a VRF has no route for does not go on to the routes of no VRF', t =>
  withHost(t, async host => {
    const sandbox = await host.sandbox('a')
    await wire(host, sandbox, 'eth0', networkOf(1))
    const { conf, options } = await wire(host, sandbox, 'eth1', networkOf(2))
    await must(host, 'ADD', conf('vrf', { vrfname: 'blue' }), options)
    for (const [address, near] of [
      ['203.0.113.9', '10.2.0.1'],
      ['2001:db8:9::9', 'fd00:2::1'],
    ] as const) {
      t.equal((await sandbox.exec(['ip', 'route', 'get', address])).code, 0, 'there is a default route')
      t.match(await sandbox.exec(['ip', 'route', 'get', address, 'oif', 'blue']), {
        code: 2,
        stderr: /No route to host/,
      })
      t.equal((await sandbox.exec(['ip', 'route', 'get', near, 'oif', 'blue'])).code, 0)
    }
    await must(host, 'DEL', conf('vrf', { vrfname: 'blue' }), options)
    t.same(
      (await ways(sandbox)).filter(line => /unreachable/.test(line)),
      [],
      'that goes with the VRF',
    )
  }),
)

t.test('a table is chosen that nobody has, or the one that is asked for', t =>
  withHost(t, async host => {
    const sandbox = await host.sandbox('a')
    const { conf, options } = await wire(host, sandbox, 'eth0', networkOf(1))
    await host.sh('ip -n a link add green type vrf table 2; ip -n a rule add from 203.0.113.1 table 1')
    await host.sh('ip -n a -6 route add 2001:db8::/64 dev eth0 table 3')
    await must(host, 'ADD', conf('vrf', { vrfname: 'blue' }), options)
    t.same(await vrfs(sandbox), { green: 2, blue: 4 })
    const refused = async (change: object, says: string) => {
      const { code, error } = await call(host, 'ADD', conf('vrf', change), options)
      t.match({ code, error }, { code: 1, error: { code: 7, msg: says } }, says)
    }
    const { conf: other, options: second } = await wire(host, sandbox, 'eth1', networkOf(2))
    const table = await call(host, 'ADD', other('vrf', { vrfname: 'blue', table: 9 }), second)
    t.match(table, { code: 1, error: { code: 7, msg: /VRF blue has table 4/ } })
    const taken = await call(host, 'ADD', other('vrf', { vrfname: 'red', table: 2 }), second)
    t.match(taken, { code: 1, error: { code: 7, msg: /VRF green has it/ } })
    await must(host, 'ADD', other('vrf', { vrfname: 'blue', table: 4 }), second)
    await must(host, 'DEL', conf('vrf', { vrfname: 'blue' }), options)
    t.same(await vrfs(sandbox), { green: 2, blue: 4 }, 'the other interface is still in it')
    t.equal((await standing(sandbox, 'eth1'))[0], 'blue')
    await host.sh('ip -n a link set eth0 master green; ip -n a link add dull type bridge')
    await refused({ vrfname: 'blue' }, 'a port of green already')
    await refused({ vrfname: 'green' }, 'a port of green already')
    await host.sh('ip -n a link set eth0 nomaster')
    await refused({ vrfname: 'dull' }, 'it is a link of type bridge')
    await must(host, 'DEL', other('vrf', { vrfname: 'blue' }), second)
    t.same(await vrfs(sandbox), { green: 2 })
  }),
)

t.test('a VRF of somebody else’s is used and left, and an interface that was taken out since stays where it is', t =>
  withHost(t, async host => {
    const sandbox = await host.sandbox('a')
    const { conf, options } = await wire(host, sandbox, 'eth0', networkOf(1))
    const blue = conf('vrf', { vrfname: 'blue' })
    await host.sh('ip -n a link add blue type vrf table 77; ip -n a link set blue up')
    await must(host, 'ADD', blue, options)
    t.ok((await tableOf(sandbox, 77)).some(line => /^default via 10\.1\.0\.1/.test(line)))
    await must(host, 'DEL', blue, options)
    t.same(await vrfs(sandbox), { blue: 77 })
    await must(host, 'ADD', blue, options)
    await host.sh('ip -n a link add br9 type bridge; ip -n a link set eth0 master br9')
    await must(host, 'DEL', blue, options)
    t.equal((await standing(sandbox))[0], 'br9')
  }),
)

t.test('without a record, DEL takes the interface out, and a VRF away that has no other', t =>
  withHost(t, async host => {
    const sandbox = await host.sandbox('a')
    const wired = [await wire(host, sandbox, 'eth0', networkOf(1)), await wire(host, sandbox, 'eth1', networkOf(2))]
    await host.sh(
      'ip -n a link add blue up type vrf table 5; ip -n a link set eth0 master blue; ip -n a link set eth1 master blue',
    )
    const [first, second] = wired.map(({ conf, options }) => ({ conf: conf('vrf', { vrfname: 'blue' }), options }))
    if (!first || !second) throw new Error('two are wired')
    await must(host, 'CHECK', first.conf, first.options)
    await must(host, 'DEL', first.conf, first.options)
    t.equal((await standing(sandbox))[0], '')
    t.same(await vrfs(sandbox), { blue: 5 })
    t.match(await call(host, 'CHECK', first.conf, first.options), { error: { msg: 'membership of eth0 in blue' } })
    await must(host, 'DEL', { ...second.conf, vrfname: 'eth1' }, second.options)
    t.equal((await standing(sandbox, 'eth1'))[0], 'blue', 'a name of something else is nothing to go by')
    await must(host, 'DEL', second.conf, second.options)
    t.same(await vrfs(sandbox), {})
    await must(host, 'DEL', second.conf, { ...second.options, netns: '/run/netns/none' })
    t.equal(await host.sh('ls /run/netns'), 'a\n')
  }),
)

t.test('interfaces of one container that come and go at once share a VRF, or have tables of their own', t =>
  withHost(t, async host => {
    const sandbox = await host.sandbox('a')
    const first = await wire(host, sandbox, 'eth0', networkOf(1))
    const second = await wire(host, sandbox, 'eth1', networkOf(2))
    const third = await wire(host, sandbox, 'eth2', networkOf(3))
    const before = await ways(sandbox)
    const act = (operation: string, { conf, options }: Wired, vrfname: string) =>
      must(host, operation, conf('vrf', { vrfname }), options)
    for (let round = 0; round < 3; round++) {
      await Promise.all([act('ADD', first, 'red'), act('ADD', second, 'blue'), act('ADD', third, 'blue')])
      t.same(Object.values(await vrfs(sandbox)).toSorted(), [1, 2], 'two VRFs with two tables')
      await Promise.all([act('DEL', second, 'blue'), act('DEL', first, 'red')])
      await Promise.all([act('DEL', third, 'blue'), act('ADD', second, 'blue')])
      t.equal((await standing(sandbox, 'eth1'))[0], 'blue', 'the last goes while another comes')
      await act('CHECK', second, 'blue')
      await act('DEL', second, 'blue')
      t.same(await vrfs(sandbox), {})
      t.same(await ways(sandbox), before)
    }
    t.equal((await host.sh('ls /var/lib/cni/fairlead/claims')).trim(), '')
  }),
)
