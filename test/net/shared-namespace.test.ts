import t from 'tap'
import { bridgeConf, call, hostLocal, must } from '../support/call.ts'
import { withHost } from '../support/host.ts'
import { trace } from '../support/trace.ts'

const conf = bridgeConf()
const others: Readonly<Record<string, typeof conf>> = {
  'the same network': conf,
  'another network': bridgeConf({ name: 'net2', bridge: 'cni1', ipam: hostLocal('10.77.0.0/24') }),
}

for (const [name, other] of Object.entries(others)) {
  t.test(`ADD and DEL of a second container in a namespace leave the first one's interface alone: ${name}`, t =>
    withHost(t, async host => {
      const netns = await host.sandbox('a')
      const prevResult = await must(host, 'ADD', conf, { netns, containerId: 'c1' })
      const before = await trace(host)
      t.match(await call(host, 'ADD', other, { netns, containerId: 'c2' }), { code: 1, error: { code: 4 } })
      t.match(await call(host, 'DEL', other, { netns, containerId: 'c2' }), { code: 0, stdout: '' })
      t.strictSame((await trace(host)).links, before.links)
      await must(host, 'CHECK', { ...conf, prevResult }, { netns, containerId: 'c1' })
      await must(host, 'DEL', conf, { netns, containerId: 'c1' })
      t.strictSame(
        (await netns.ip('link')).map(({ ifname }) => ifname),
        ['lo'],
      )
    }),
  )
}
