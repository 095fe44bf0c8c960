import t from 'tap'
import { call, must } from '../support/call.ts'
import { capture } from '../support/capture.ts'
import { fairlead, type Host } from '../support/host.ts'
import { join, leave, overlayConf, withHosts } from '../support/overlay.ts'
import { asked, lone, withAgents } from '../support/overlay-etcd.ts'
import { sealedConf, sealedHosts, tellEncrypted } from '../support/overlay-told.ts'
import { ping } from '../support/ping.ts'

const [one, other] = [sealedConf('sealed', 1), sealedConf('other', 2)]
const [hostsOfOne, hostsOfOther] = [sealedHosts('sealed', 1), sealedHosts('other', 2)]

const policies = async ({ sh }: Host): Promise<string[]> => (await sh('ip xfrm policy list')).match(/dir .*/g) ?? []
const both = [/^dir out action block/, /^dir in action block/]
const filter = async ({ sh }: Host): Promise<string[]> => (await sh('nft list ruleset')).match(/chain vteps\S*/g) ?? []

t.test('a host whose kernel has no ESP has no encrypted network, and says so', t =>
  withAgents(
    t,
    2,
    one,
    async ({ hosts: [host], cluster, agents }) => {
      if (!host) throw new Error('no host')
      const netns = await host.sandbox('a')
      const says = { code: 50, msg: /encrypted network sealed: this kernel has no ESP.*Install its modules/ }
      t.match((await call(host, 'ADD', one, { netns })).error, says)
      t.match((await call(host, 'STATUS', one)).error, says)
      t.match(await asked(host, '/v1/state'), { ok: false, faults: { encryption: /this kernel has no ESP/ } })
      t.match(await asked(host, '/v1/nodes'), [
        { id: 'h1', encryption: /^cannot encrypt: this kernel has no ESP/ },
        { id: 'h2', encryption: /^cannot encrypt/ },
      ])
      t.match(agents[0]?.said(), /"fault","about":"encryption"/, 'its log has it')
      const { stdout } = await host.exec([fairlead, 'overlay', 'node', 'ls', '--config', '/run/agent.json'])
      t.match(stdout, /^h1\t.*\t0 blocks\tcannot encrypt: this kernel has no ESP/, 'it has no addresses of the network')
      t.notMatch(
        await cluster.ctl('get', '--prefix', '--keys-only', '/fairlead/'),
        /esp\/epochs/,
        'nobody needs a secret',
      )
      t.same(await policies(host), [])
    },
    lone,
  ),
)

t.test('keys change by hand, one epoch after the other', t =>
  withAgents(
    t,
    1,
    one,
    async ({ hosts: [host], cluster }) => {
      if (!host) throw new Error('no host')
      const rotate = () => host.exec([fairlead, 'overlay', 'rotate', '--config', '/run/agent.json'])
      t.match(await rotate(), { code: 1, stderr: /there are none yet\. They are made when the first host encrypts/ })
      const [first, second] = ['11'.repeat(32), '22'.repeat(32)]
      const document = JSON.stringify({ send: 4, at: 0, keys: { 4: first, 5: second } })
      await cluster.ctl('put', '/fairlead/v1/esp/epochs', `'${document}'`)
      t.match(await rotate(), { code: 0, stdout: 'epoch 5\n', stderr: '' })
      const now = JSON.parse(await cluster.ctl('get', '--print-value-only', '/fairlead/v1/esp/epochs'))
      t.match(now, { send: 5, keys: { 4: first, 5: second, 6: /^[\da-f]{64}$/ } })
      t.match(await rotate(), { code: 0, stdout: 'epoch 6\n' })
    },
    lone,
  ),
)

t.test('nothing of an encrypted network goes in the clear, with no agent and no keys', t =>
  withHosts(t, 1, async ({ hosts: [host], outside }) => {
    if (!host) throw new Error('no host')
    await tellEncrypted(host, [hostsOfOne, hostsOfOther])
    const a = await join(host, 'a', one)
    t.match(await policies(host), both)
    t.match(await filter(host), ['chain vteps-5001', 'chain vteps-out-5001'])
    t.equal(a.result.interfaces[2].mtu, 1416)
    const wire = await capture(t, outside, outside, 'udp port 4790', 'sw1')
    await outside.sh('ip address add 10.99.0.2/24 dev sw0')
    const tries = () => ping(a.sandbox, '10.201.2.9')
    await tries()
    await host.sh('ip xfrm policy flush')
    await tries()
    t.same(wire.lines(), [], 'the filter keeps it in where the policies do not')
    const check = () => call(host, 'CHECK', { ...one, prevResult: a.result }, { netns: a.sandbox })
    t.match(
      (await check()).error,
      { msg: /policies that block UDP port 4790 in the clear/ },
      'CHECK finds them missing',
    )
    t.equal((await host.exec([fairlead, 'reconcile'])).code, 0)
    t.match(await policies(host), both, 'and they are made again')
    t.equal((await check()).code, 0)
    await host.sh('nft flush chain inet fairlead vteps-out-5001')
    await tries()
    t.same(wire.lines(), [], 'and the policies where the filter does not')
    await host.sh('ip xfrm policy flush')
    await tries()
    t.ok(await wire.seen(/VXLAN/), 'without both of them it would go')
  }),
)

t.test('networks share what blocks their port, and the last one takes it along', t =>
  withHosts(t, 1, async ({ hosts: [host] }) => {
    if (!host) throw new Error('no host')
    await tellEncrypted(host, [hostsOfOne, hostsOfOther])
    const [a, b] = [await join(host, 'a', one), await join(host, 'b', other)]
    t.match(await policies(host), both)
    await leave(a, one)
    t.match(await policies(host), both, 'the other network needs it')
    t.match(await filter(host), ['chain vteps-5002', 'chain vteps-out-5002'])
    await leave(b, other)
    t.same(await policies(host), [])
    t.same(await filter(host), [])
  }),
)

t.test('a port is for networks that are encrypted, or for others', t =>
  withHosts(t, 1, async ({ hosts: [host] }) => {
    if (!host) throw new Error('no host')
    await tellEncrypted(host, [hostsOfOne])
    const a = await join(host, 'a', one)
    const clear = overlayConf(4, 1, {
      name: 'clear',
      vni: 5003,
      port: 4790,
      controlPlane: { type: 'static', nodes: [{ address: '10.99.0.1', blocks: ['10.203.1.0/26'] }] },
      ipam: { type: 'host-local', ranges: [[{ subnet: '10.203.0.0/16' }]] },
    })
    const netns = await host.sandbox('b')
    const { error } = await call(host, 'ADD', clear, { netns })
    t.match(error, { code: 7, msg: /port 4790 is that of flv5001, which is encrypted\. Choose another "port"/ })
    await leave(a, one)
    await must(host, 'ADD', clear, { netns })
    const late = await call(host, 'ADD', one, { netns: await host.sandbox('c') })
    t.match(late.error, { code: 7, msg: /port 4790 is that of flv5003, which is in the clear/ })
  }),
)

t.test('without an agent an ADD says what it waits for', t =>
  withHosts(t, 1, async ({ hosts: [host] }) => {
    if (!host) throw new Error('no host')
    const { error } = await call(host, 'ADD', one, { netns: await host.sandbox('a') })
    t.match(error, { code: 11, msg: /"fairlead agent" has not told that this host encrypts/ })
    t.match((await call(host, 'STATUS', one)).error, { code: 50 })
  }),
)
