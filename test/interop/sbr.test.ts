import t from 'tap'
import { must } from '../support/call.ts'
import { withHost } from '../support/host.ts'
import { networkOf, recordsOf, routing, wire } from '../support/routed.ts'
import { go, within } from './plugins.ts'

const rules = (lines: readonly string[]): string[] => lines.filter(line => /lookup (?!25[345]$)/.test(line))
const inMain = (lines: readonly string[]): string[] => lines.filter(line => !/table|lookup/.test(line))

t.test('our DEL takes back the rules that the Go sbr made, and our CHECK takes them', t =>
  withHost(t, async host => {
    const sandbox = await host.sandbox('a')
    await wire(host, sandbox, 'eth0', networkOf(1))
    const { conf, options } = await wire(host, sandbox, 'eth1', networkOf(2))
    const before = await routing(sandbox)
    for (const change of [{}, { table: 77 }]) {
      const mine = { ...conf('sbr', change), cniVersion: '1.0.0' }
      const prevResult = await must(host, 'ADD', mine, { ...options, ...within(go) })
      t.equal(rules(await routing(sandbox)).length, 2, 'a rule for each address')
      await must(host, 'CHECK', { ...mine, prevResult }, options)
      await must(host, 'DEL', { ...mine, prevResult }, options)
      t.same(rules(await routing(sandbox)), [])
      await must(host, 'DEL', { ...mine, prevResult }, options)
    }
    t.same(rules(before), [])
  }),
)

t.test('the Go sbr takes back our rules, and our record goes with the next DEL, which gives the routes back', t =>
  withHost(t, async host => {
    const sandbox = await host.sandbox('a')
    await wire(host, sandbox, 'eth0', networkOf(1))
    const { conf, options } = await wire(host, sandbox, 'eth1', networkOf(2))
    const before = await routing(sandbox)
    const mine = { ...conf('sbr'), cniVersion: '1.0.0' }
    const prevResult = await must(host, 'ADD', mine, options)
    await must(host, 'DEL', { ...mine, prevResult }, { ...options, ...within(go) })
    t.same(rules(await routing(sandbox)), [])
    await must(host, 'DEL', { ...mine, prevResult }, options)
    t.same(inMain(await routing(sandbox)).toSorted(), inMain(before).toSorted())
    t.same(await recordsOf(host, 'sbr'), [])
  }),
)

t.test('an ADD by the Go sbr, and ours in its place: the tables that it left are not taken', t =>
  withHost(t, async host => {
    const sandbox = await host.sandbox('a')
    const { conf, options } = await wire(host, sandbox, 'eth0', networkOf(1))
    const mine = { ...conf('sbr'), cniVersion: '1.0.0' }
    const prevResult = await must(host, 'ADD', mine, { ...options, ...within(go) })
    await must(host, 'DEL', { ...mine, prevResult }, { ...options, ...within(go) })
    const left = (await routing(sandbox)).flatMap(line => / table (10\d)/.exec(line)?.[1] ?? [])
    t.ok(left.includes('100'), 'its routes stay')
    await must(host, 'ADD', { ...mine, gateways: ['10.1.0.1', 'fd00:1::1'] }, options)
    const led = rules(await routing(sandbox)).map(line => line.replace(/.*lookup /, ''))
    t.same(
      led.filter(table => left.includes(table)),
      [],
    )
  }),
)
