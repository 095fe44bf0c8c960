import t from 'tap'
import { bridgeConf, call, hostLocal, must } from '../support/call.ts'
import { withHost } from '../support/host.ts'
import { trace } from '../support/trace.ts'

const conf = bridgeConf({ macspoofchk: true, ipam: hostLocal('10.88.0.0/16', 'fd00:88::/64') })

t.test('DEL of what was never added succeeds and changes nothing', t =>
  withHost(t, async host => {
    const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
    await must(host, 'ADD', conf, { netns: a })
    const before = await trace(host)
    t.equal((await call(host, 'DEL', conf, { netns: b })).code, 0)
    t.equal((await call(host, 'DEL', conf, { netns: a, ifName: 'net9' })).code, 0)
    t.equal((await call(host, 'DEL', conf, { netns: a, containerId: 'other', ifName: 'eth9' })).code, 0)
    t.strictSame(await trace(host), before)
  }),
)

t.test('DEL of one interface leaves the other of the same container alone', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    await must(host, 'ADD', conf, { netns: a })
    const before = await trace(host)
    const { ips } = await must(
      host,
      'ADD',
      bridgeConf({ ...conf, name: 'net2', bridge: 'cni1', ipam: hostLocal('10.99.0.0/24') }),
      {
        netns: a,
        ifName: 'eth1',
      },
    )
    await must(host, 'DEL', { ...conf, name: 'net2' }, { netns: a, ifName: 'eth1' })
    const { files } = await trace(host)
    t.equal(ips[0].address, '10.99.0.2/24')
    t.strictSame(
      before.files.filter(line => !files.includes(line)),
      [],
      'every file of the first is there',
    )
    t.equal((await a.exec(['ping', '-c1', '-W2', '10.88.0.1'])).code, 0, 'the first still works')
  }),
)

t.test('DEL without a record removes the interface and the lease of an attachment', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    await must(host, 'ADD', conf, { netns: a })
    await host.sh('rm -r /var/lib/cni/fairlead')
    t.equal((await call(host, 'DEL', conf, { netns: a })).code, 0)
    t.strictSame(
      (await a.ip('link')).map(({ ifname }) => ifname),
      ['lo'],
    )
    t.notMatch(Object.keys(await host.files()).join('\n'), /networks\/net1\/(10|fd)/)
  }),
)
