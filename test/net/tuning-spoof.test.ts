import t from 'tap'
import { container } from '../support/attachment.ts'
import { bridgeConf, call, must } from '../support/call.ts'
import { withHost } from '../support/host.ts'
import { answers } from '../support/ping.ts'
import { stateOf } from '../support/state.ts'

const mac = '02:aa:bb:00:00:01'
const guarded = bridgeConf({ macspoofchk: true })
const chained = (prevResult: unknown, wanted = mac) => ({
  cniVersion: '1.1.0',
  name: 'net1',
  type: 'tuning',
  mac: wanted,
  prevResult,
})

t.test('a port that passes one source MAC alone passes the one that tuning sets too, and no other', t =>
  withHost(t, async host => {
    const options = await container(host)
    const sandbox = await host.sandbox('spoofer')
    const prevResult = await must(host, 'ADD', guarded, { ...options, netns: sandbox })
    const before = await stateOf(host)
    const pings = () => answers(sandbox, '10.88.0.1')
    const own = { ...options, netns: sandbox }
    const result = await must(host, 'ADD', chained(prevResult), own)
    t.ok(await pings(), 'the new MAC passes')
    await must(host, 'CHECK', { ...chained(result) }, own)
    await sandbox.exec(['ip', 'link', 'set', 'eth0', 'address', '02:aa:bb:00:00:02'])
    t.notOk(await pings(), 'another does not')
    await sandbox.exec(['ip', 'link', 'set', 'eth0', 'address', mac])
    await host.sh(`nft delete element bridge fairlead allowed '{' ${result.interfaces[1].name} . ${mac} '}'`)
    t.match(await call(host, 'CHECK', chained(result), own), { code: 1, error: { msg: /allowed/ } })
    await must(host, 'ADD', chained(prevResult), own)
    t.ok(await pings(), 'it passes again')
    await must(host, 'DEL', chained(prevResult), own)
    t.same(await stateOf(host), before, 'DEL takes it away')
    t.ok(await pings(), 'the MAC of before passes')
  }),
)

t.test('tuning that sets the MAC which the bridge gave leaves the bridge what it has', t =>
  withHost(t, async host => {
    const options = await container(host)
    const prevResult = await must(host, 'ADD', guarded, options)
    const same = chained(prevResult, prevResult.interfaces[2].mac)
    await must(host, 'ADD', same, options)
    await must(host, 'DEL', same, options)
    await must(host, 'CHECK', { ...guarded, prevResult }, options)
  }),
)

t.test('GC takes the MAC of an attachment away that is not valid', t =>
  withHost(t, async host => {
    const options = await container(host)
    const prevResult = await must(host, 'ADD', guarded, options)
    await must(host, 'ADD', chained(prevResult), options)
    t.match(await host.ruleset(), mac)
    await must(host, 'GC', { ...chained(undefined), 'cni.dev/valid-attachments': [] })
    t.notMatch(await host.ruleset(), mac)
  }),
)
