import t from 'tap'
import { call, must } from '../support/call.ts'
import { fairlead } from '../support/host.ts'
import { join, nodes, overlayConf, twoHosts, underlay, withHosts } from '../support/overlay.ts'
import { ping } from '../support/ping.ts'

t.test('a list that changes takes effect with the next ADD, and reconcile keeps to it', t =>
  withHosts(t, 3, async ({ hosts: [one, two, three] }) => {
    if (!one || !two || !three) throw new Error('no hosts')
    const before = overlayConf(4, 2)
    const a = await join(one, 'a', before)
    const b = await join(two, 'b', before)
    const now = overlayConf(4, 3, {
      controlPlane: { type: 'static', nodes: nodes(4, 3).filter((_, index) => index !== 1) },
    })
    const c = await join(three, 'c', now)
    t.equal(await ping(a.sandbox, c.v4), undefined, 'nobody knows of the third host yet')
    await join(one, 'a2', now)
    // Its own kernel has not given up yet, and asks no more.
    await a.sandbox.exec(['ip', 'neighbour', 'flush', 'all'])
    t.type(await ping(a.sandbox, c.v4), 'number', 'those who are there already reach it too')
    t.equal(await ping(a.sandbox, b.v4), undefined, 'and no more the one that was taken off the list')
    const check = () => call(one, 'CHECK', { ...before, prevResult: a.result }, { netns: a.sandbox })
    t.match(await check(), { code: 0 }, 'CHECK goes by the new list')
    const [bridge] = a.result.interfaces
    await one.sh(
      `ip neighbour flush dev ${bridge.name} nud permanent; ip link del ${bridge.name.replace('flb', 'flv')}; nft flush ruleset`,
    )
    t.match(await check(), { code: 1 })
    await one.exec([fairlead, 'reconcile'])
    t.match(await check(), { code: 0 }, 'reconcile makes all of it again')
    t.type(await ping(a.sandbox, c.v4), 'number')
    t.equal(await ping(a.sandbox, b.v4), undefined, 'by the new list')
  }),
)

t.test('a host that gets another address takes its tunnel there with the next ADD', t =>
  twoHosts(t, async (one, two) => {
    const before = overlayConf(4, 2)
    const [a, b] = [await join(one, 'a', before), await join(two, 'b', before)]
    await two.sh(`ip address del ${underlay(4, 2)}/24 dev eth0; ip address add ${underlay(4, 22)}/24 dev eth0
      ip route replace default via ${underlay(4, 100)}`)
    t.equal(await ping(a.sandbox, b.v4), undefined)
    const [first, second] = nodes(4, 2)
    const listed = [first, { ...second, address: underlay(4, 22) }]
    const now = overlayConf(4, 2, { controlPlane: { type: 'static', nodes: listed } })
    await join(one, 'a2', now)
    const b2 = await join(two, 'b2', now)
    for (const address of [b.v4, b2.v4, b.v6]) t.type(await ping(a.sandbox, address), 'number', address)
    for (const { result: prevResult, sandbox: netns } of [b, b2]) {
      t.match(await call(two, 'CHECK', { ...now, prevResult }, { netns }), { code: 0 }, 'CHECK goes by the new address')
    }
    const said = await two.exec([fairlead, 'reconcile'])
    t.match(said, { code: 0, stdout: '' }, 'and reconcile has nothing to do')
    t.type(await ping(a.sandbox, b.v4), 'number')
  }),
)

t.test('a mode that changes under containers is refused, and takes nothing from them', t =>
  twoHosts(t, async (one, two) => {
    const modes = ['l2', 'l3'] as const
    for (const mode of modes) {
      const conf = overlayConf(4, 2, { mode, name: mode })
      const [a, b] = [await join(one, `a${mode}`, conf), await join(two, `b${mode}`, conf)]
      const other = modes.find(each => each !== mode)
      const late = await one.sandbox(`late${mode}`)
      const { error } = await call(one, 'ADD', { ...conf, mode: other }, { netns: late })
      t.match(error, { code: 7, msg: new RegExp(`containers of network ${mode} .* have "mode": "${mode}"`) })
      t.type(await ping(a.sandbox, b.v4), 'number', 'they reach each other')
      t.match(await one.exec([fairlead, 'reconcile']), { code: 0, stdout: '' }, 'nothing of theirs is missing')
      await join(one, `a2${mode}`, conf)
      for (const sandbox of [`a${mode}`, `a2${mode}`])
        await must(one, 'DEL', conf, { netns: `/run/netns/${sandbox}`, containerId: sandbox })
      const changed = await call(one, 'ADD', { ...conf, mode: other }, { netns: late })
      t.equal(changed.code, 0, 'without containers it may change')
      await must(one, 'DEL', conf, { netns: late })
      await must(two, 'DEL', conf, { netns: b.sandbox })
    }
  }),
)

t.test('an ADD that fails leaves forwarding as those who are there have it', t =>
  twoHosts(t, async (one, two) => {
    const conf = overlayConf(4, 2)
    const [a, b] = [await join(one, 'a', conf), await join(two, 'b', conf)]
    await one.sh(`mkdir /run/broken; printf '#!/bin/sh\nexit 1\n' >/run/broken/ethtool; chmod +x /run/broken/ethtool`)
    const alone = { ...conf, txChecksumOffload: false, controlPlane: { type: 'static', nodes: nodes(4, 1) } }
    const netns = await one.sandbox('late')
    const failed = await call(one, 'ADD', alone, { netns, env: { PATH: `/run/broken:${process.env.PATH}` } })
    t.match(failed.error, { msg: /offload|checksum/i }, 'it fails once the other host is forgotten')
    await a.sandbox.exec(['ip', 'neighbour', 'flush', 'all'])
    t.type(await ping(a.sandbox, b.v4), 'number')
    t.match(await one.exec([fairlead, 'reconcile']), { code: 0, stdout: '' }, 'nothing is left to restore')
  }),
)
