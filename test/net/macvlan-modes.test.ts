import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import { call, must } from '../support/call.ts'
import type { Host } from '../support/host.ts'
import { answering, join, known, lanConf, withLan } from '../support/lan.ts'
import { until } from '../support/until.ts'

interface Row {
  /** Containers reach each other. */
  readonly neighbours: boolean
  readonly keys?: object
}

const modes: Readonly<Record<string, Row>> = {
  bridge: { neighbours: true },
  private: { neighbours: false },
  vepa: { neighbours: false },
}

for (const [mode, { neighbours }] of Object.entries(modes)) {
  t.test(`in mode ${mode}, containers ${neighbours ? 'reach each other and' : 'reach'} the LAN`, t =>
    withLan(t, async (host, outside) => {
      const conf = lanConf({ mode })
      const [a, b] = [await join(host, 'a', conf), await join(host, 'b', conf)]
      for (const { sandbox, addresses } of [a, b]) {
        t.same(await answering(sandbox, ...known.outside), known.outside)
        t.same(await answering(outside, ...addresses), addresses)
      }
      t.same(await answering(a.sandbox, ...b.addresses), neighbours ? b.addresses : [])
      const [{ linkinfo }] = await a.sandbox.ip('link', 'show', 'dev', 'eth0')
      t.equal(linkinfo.info_data.mode, mode)
    }),
  )
}

t.test('in mode source, only frames of the MACs that are named arrive', t =>
  withLan(t, async (host, outside) => {
    const [{ address }] = await outside.ip('link', 'show', 'dev', 'up1')
    const sourceMacs = [address.toUpperCase(), '02:00:00:00:00:01']
    const a = await join(host, 'a', lanConf({ mode: 'source', sourceMacs }))
    t.same(await answering(outside, ...a.addresses), a.addresses)
    const [{ linkinfo }] = await a.sandbox.ip('link', 'show', 'dev', 'eth0')
    t.match(linkinfo.info_data, { mode: 'source', macaddr_count: 2 })
    const conf = lanConf({ mode: 'source', sourceMacs })
    const prevResult = { cniVersion: '1.1.0', interfaces: [{ name: 'eth0', sandbox: a.sandbox.path }] }
    const check = () => call(host, 'CHECK', { ...conf, prevResult }, { netns: a.sandbox })
    t.match(await check(), { code: 0 })
    for (const [change, says] of [
      ['del', /does not take frames of 02:00:00:00:00:01/],
      [
        'add 02:00:00:00:00:02 && ip -n a link set eth0 type macvlan macaddr add',
        /takes frames of 02:00:00:00:00:02 too/,
      ],
    ] as const) {
      await host.sh(`ip -n a link set eth0 type macvlan macaddr ${change} 02:00:00:00:00:01`)
      t.match(await check(), { code: 1, error: { msg: says } })
    }
    await must(host, 'DEL', lanConf(), { netns: a.sandbox })
    const b = await join(host, 'b', lanConf({ mode: 'source', sourceMacs: ['02:00:00:00:00:01'] }))
    t.same(await answering(outside, ...b.addresses), [])
  }),
)

const uplink = async (host: Host) => {
  const [{ address, flags, promiscuity }] = await host.ip('link', 'show', 'dev', 'up0')
  return { address, promisc: flags.includes('PROMISC'), promiscuity }
}

const ends = {
  DEL: (host: Host) => must(host, 'DEL', lanConf({ mode: 'passthru' }), { containerId: 'a', netns: '/run/netns/a' }),
  'the end of its sandbox': (host: Host) => host.sh('ip netns del a'),
}

for (const [what, end] of Object.entries(ends)) {
  for (const mac of [undefined, '02:00:00:00:00:42']) {
    t.test(`in mode passthru ${mac ? 'with a MAC of its own, ' : ''}the parent is as it was after ${what}`, t =>
      withLan(t, async (host, outside) => {
        const before = await uplink(host)
        const a = await join(host, 'a', lanConf({ mode: 'passthru', mac }))
        const [{ address }] = await a.sandbox.ip('link', 'show', 'dev', 'eth0')
        t.equal(address, mac ?? before.address, 'the container has the MAC')
        t.equal(a.mac, address, 'and the result tells it')
        t.equal((await uplink(host)).address, address, 'the parent has it too')
        t.same(await answering(a.sandbox, ...known.outside), known.outside)
        t.same(await answering(outside, ...a.addresses), a.addresses)
        await end(host)
        // The kernel clears a namespace away in its own time.
        if (what !== 'DEL') await until(async () => isDeepStrictEqual(await uplink(host), before) || undefined)
        t.same(await uplink(host), before)
      }),
    )
  }
}

t.test('in mode passthru, a parent is one container’s', t =>
  withLan(t, async host => {
    const conf = lanConf({ mode: 'passthru' })
    await join(host, 'a', conf)
    await t.rejects(join(host, 'b', conf), /Cannot attach eth0 to network lan: link eth0 .*up0/)
    t.same((await host.ip('-n', 'b', 'link')).length, 1, 'nothing is left of the second')
  }),
)
