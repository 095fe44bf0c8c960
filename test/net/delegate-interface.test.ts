import t from 'tap'
import { bridgeConf } from '../support/call.ts'
import { bin, type Host, type Sandbox, withHost } from '../support/host.ts'
import { trace } from '../support/trace.ts'

/** A call in a process namespace that ends soon, with all that the call has started: one that calls itself does not go on. */
async function bounded(host: Host, operation: string, conf: { readonly type: string }, netns: Sandbox, path = bin) {
  const words = ['unshare', '-pf', '--kill-child', '--mount-proc', 'timeout', '-s', 'KILL', '8', `${path}/${conf.type}`]
  const { code, stdout, stderr } = await host.exec(words, {
    input: JSON.stringify(conf),
    env: {
      CNI_COMMAND: operation,
      CNI_CONTAINERID: 'c1',
      CNI_NETNS: netns.path,
      CNI_IFNAME: 'eth0',
      CNI_PATH: path,
    },
  })
  return { code, stderr, error: stdout.trim() === '' ? undefined : JSON.parse(stdout) }
}

for (const type of ['bridge', 'macvlan', 'portmap', 'loopback']) {
  t.test(`${type} is no IPAM plugin: ADD fails before it makes anything, and DEL succeeds`, t =>
    withHost(t, async host => {
      const a = await host.sandbox('a')
      const conf = bridgeConf({ ipam: { type } })
      t.match(await bounded(host, 'DEL', conf, a), { code: 0 })
      const before = await trace(host)
      t.match(await bounded(host, 'ADD', conf, a), { code: 1, error: { code: 7, msg: `${type} is no IPAM plugin` } })
      t.match(await bounded(host, 'STATUS', conf, a), { error: { code: 50, msg: `${type} is no IPAM plugin` } })
      t.strictSame(await bounded(host, 'DEL', conf, a), { code: 0, stderr: '', error: undefined })
      t.strictSame(await trace(host), before)
    }),
  )
}

t.test('An interface plugin that another one takes for IPAM does not call itself', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    // A copy: neither of the two can tell that the other one is of the same suite.
    await host.sh(`mkdir /run/bin && ln -s ${bin}/bridge /run/bin/bridge && cp -L ${bin}/macvlan /run/bin/macvlan`)
    const conf = bridgeConf({ ipam: { type: 'macvlan' } })
    const added = await bounded(host, 'ADD', conf, a, '/run/bin')
    t.match(added, { code: 1, error: { code: 7, msg: 'macvlan is no IPAM plugin' } })
    t.match(await bounded(host, 'DEL', conf, a, '/run/bin'), { code: 0 })
    t.same(
      (await host.ip('link')).filter(({ ifname }) => ifname.startsWith('veth')),
      [],
    )
  }),
)
