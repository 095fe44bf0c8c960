/** Inputs of a size that nobody means: they are taken, or refused with an error object. */
import t from 'tap'
import { bridgeConf, call, must } from '../support/call.ts'
import { withHost } from '../support/host.ts'

t.test('a configuration of a megabyte is one like any other', t =>
  withHost(t, async host => {
    const netns = await host.sandbox('c1')
    const conf = bridgeConf({ note: 'x'.repeat(1 << 20) })
    const { ips } = await must(host, 'ADD', conf, { netns })
    t.equal(ips.length, 1)
    await must(host, 'DEL', conf, { netns })
  }),
)

t.test('a previous result of a thousand addresses goes through a chained plugin', t =>
  withHost(t, async host => {
    const netns = await host.sandbox('c1')
    const attached = await must(host, 'ADD', bridgeConf({ cniVersion: '1.0.0' }), { netns })
    const more = Array.from({ length: 999 }, (_, at) => ({ address: `10.90.${at >> 8}.${at & 255}/32`, interface: 2 }))
    const prevResult = { ...attached, ips: [...attached.ips, ...more] }
    const conf = { cniVersion: '1.0.0', name: 'net1', type: 'tuning', mtu: 1400, prevResult }
    t.same((await must(host, 'ADD', conf, { netns })).ips, prevResult.ips)
    await must(host, 'DEL', conf, { netns })
  }),
)

t.test('what is nested deeper than any parser goes is an error object', t =>
  withHost(t, async host => {
    const netns = await host.sandbox('c1')
    const depth = 500_000
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const nested = `${open.repeat(depth)}1${close.repeat(depth)}`
      const input = `{"cniVersion":"1.0.0","name":"net1","type":"bridge","x":${nested}}`
      const { code, error } = await call(host, 'ADD', bridgeConf(), { netns, input })
      t.equal(code, 1)
      t.match(error, { code: 6, msg: /^Cannot read the network configuration/ })
    }
  }),
)
