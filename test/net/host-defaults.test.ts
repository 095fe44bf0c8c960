import t from 'tap'
import { bridgeConf, call, must } from '../support/call.ts'
import { type Host, withHost } from '../support/host.ts'
import { savedRules } from '../support/rules.ts'

const file = '/etc/cni/fairlead.json'

/** Gives the host an `/etc` of its own to write into. */
async function writable(host: Host): Promise<(text: string) => Promise<void>> {
  await host.sh(
    'mkdir -p /run/etc/up /run/etc/work && mount -t overlay -o lowerdir=/etc,upperdir=/run/etc/up,workdir=/run/etc/work none /etc',
  )
  await host.sh('mkdir -p /etc/cni')
  return async text => void (await host.exec(['tee', file], { input: text }))
}

t.test('the host’s backend is used where a configuration names none, and its own key wins', t =>
  withHost(t, async host => {
    const write = await writable(host)
    await write('{"backend": "iptables"}')
    const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
    const prevResult = await must(host, 'ADD', bridgeConf(), { netns: a })
    t.match(await savedRules(host), /^:CNI-/m)
    t.notMatch(await host.ruleset(), /fairlead/)
    await must(host, 'ADD', bridgeConf({ ipMasqBackend: 'nftables' }), { netns: b })
    t.match(await host.sh('nft list map inet fairlead masq4'), '10.88.0.3')
    await write('{"backend": "nftables"}')
    await must(host, 'CHECK', { ...bridgeConf(), prevResult }, { netns: a })
    await must(host, 'DEL', bridgeConf(), { netns: a })
    t.notMatch(await savedRules(host), /CNI-/, 'DEL goes by what ADD made')
  }),
)

t.test('ports that the host’s firewall guards need nftables, by the host’s choice or their own', t =>
  withHost(t, async host => {
    const write = await writable(host)
    await write('{"backend": "iptables"}')
    const netns = await host.sandbox('a')
    const guarded = {
      hostFirewall: 'respect',
      runtimeConfig: { portMappings: [{ hostPort: 8080, containerPort: 80 }] },
    }
    const prevResult = await must(host, 'ADD', bridgeConf(), { netns })
    const portmap = { cniVersion: '1.1.0', name: 'net1', type: 'portmap', ...guarded, prevResult }
    for (const conf of [portmap, bridgeConf({ ...guarded, name: 'net2', bridge: 'br2' })]) {
      const { error } = await call(host, 'ADD', conf, { netns, ifName: 'eth0' })
      t.equal(error?.code, 2, conf.type)
      t.match(error?.msg, 'Cannot use "hostFirewall": "respect": it needs the backend nftables')
    }
    t.equal((await call(host, 'STATUS', portmap)).error?.code, 2, 'STATUS says so too')
    t.equal((await call(host, 'DEL', portmap, { netns })).code, 0, 'DEL does not mind')
    await must(host, 'ADD', { ...portmap, backend: 'nftables' }, { netns })
  }),
)

t.test('a file that cannot be used is told of, with its name', t =>
  withHost(t, async host => {
    const write = await writable(host)
    const netns = await host.sandbox('a')
    const texts = [
      ['{"backend": "iptables"', 6, 'it is no JSON'],
      ['[]', 6, 'it is no JSON object'],
      ['{"backend": "pf"}', 7, '"backend": "pf"'],
      ['{"backend": 7}', 7, '"backend": 7'],
    ] as const
    for (const [text, code, says] of texts) {
      await write(text)
      const { error } = await call(host, 'ADD', bridgeConf(), { netns })
      t.equal(error?.code, code, text)
      t.match(error?.msg, /^Cannot .*\/etc\/cni\/fairlead\.json/)
      t.match(error?.msg, says)
    }
    await must(host, 'ADD', bridgeConf({ ipMasq: false }), { netns })
    await must(host, 'DEL', bridgeConf(), { netns })
  }),
)

t.test('an unknown key is told of, and nothing else comes of it', t =>
  withHost(t, async host => {
    const write = await writable(host)
    await write('{"bakend": "iptables", "colour": 1}')
    const netns = await host.sandbox('a')
    await must(host, 'ADD', bridgeConf(), { netns, env: { FAIRLEAD_LOG: '/run/log' } })
    const { warnings } = JSON.parse(await host.sh('cat /run/log'))
    t.match(warnings, [/unknown key "bakend" in .*, did you mean "backend"\?/, /unknown key "colour"/])
    t.equal(await savedRules(host), '\n---\n\n')
  }),
)

t.test('an empty file of defaults says nothing', t =>
  withHost(t, async host => {
    const write = await writable(host)
    await write('{}')
    await must(host, 'ADD', bridgeConf(), { netns: await host.sandbox('a') })
    t.match(await host.ruleset(), /fairlead/)
  }),
)
