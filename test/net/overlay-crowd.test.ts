import t from 'tap'
import { call, must } from '../support/call.ts'
import { join, overlayConf, twoHosts } from '../support/overlay.ts'
import { ping } from '../support/ping.ts'

const names = Array.from({ length: 8 }, (_, index) => `c${index}`)

t.test('containers that come and go at once share bridge and tunnel, and the last takes these along', t =>
  twoHosts(t, async (one, two) => {
    const conf = overlayConf(4, 2)
    const far = await join(two, 'far', conf)
    for (let round = 1; round <= 3; round++) {
      const crowd = await Promise.all(names.map(name => join(one, `${name}-${round}`, conf)))
      const addresses = new Set(crowd.flatMap(({ v4, v6 }) => [v4, v6]))
      t.equal(addresses.size, 2 * names.length, 'each has addresses of its own')
      const times = await Promise.all(crowd.map(({ sandbox }) => ping(sandbox, far.v4)))
      t.same(
        times.filter(time => time === undefined),
        [],
        'all reach the other host',
      )
      for (const { sandbox: netns, result: prevResult } of crowd)
        t.match(await call(one, 'CHECK', { ...conf, prevResult }, { netns }), { code: 0 })
      // One comes while the others go.
      const [late] = await Promise.all([
        join(one, `late-${round}`, conf),
        ...crowd.map(({ sandbox: netns }) => must(one, 'DEL', conf, { netns })),
      ])
      t.type(await ping(late.sandbox, far.v6), 'number', 'who comes meanwhile is on the network')
      await must(one, 'DEL', conf, { netns: late.sandbox })
      t.same((await one.ip('link')).map(({ ifname }) => ifname).sort(), ['eth0', 'lo'])
      t.notMatch(await one.ruleset(), 'elements')
      t.same(Object.keys(await one.files()), ['/var/lib/cni/fairlead/boot'])
    }
  }),
)
