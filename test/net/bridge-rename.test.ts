import t from 'tap'
import { bridgeConf, type Conf, hostLocal, must } from '../support/call.ts'
import { type Host, withHost } from '../support/host.ts'

const ports = {
  capabilities: { portMappings: true },
  runtimeConfig: { portMappings: [{ hostPort: 8080, containerPort: 80 }] },
}
const ipam = hostLocal('10.88.0.0/24', 'fd00:88::/64')
const before = bridgeConf({ name: 'old', ipam })
const after = bridgeConf({ name: 'new', ipam })

/** What stands in the firewall of the addresses, without whose it is. */
const elements = async (host: Host): Promise<readonly string[]> =>
  ((await host.ruleset()).match(/[^,{]*comment "[^"]*"[^,}]*/g) ?? []).map(each =>
    each.replace(/comment "[^"]*"/, '').trim(),
  )

const none = { containerId: '', ifName: '' }
const removals: Readonly<Record<string, (host: Host) => Promise<void>>> = {
  'a late DEL': host => must(host, 'DEL', before, { containerId: 'c1' }),
  'a late DEL by the new name': host => must(host, 'DEL', after, { containerId: 'c1' }),
  'GC of the old name': host => must(host, 'GC', { ...before, 'cni.dev/valid-attachments': [] }, none),
}

for (const [name, remove] of Object.entries(removals)) {
  t.test(`${name} leaves alone who got the address after the network was renamed`, t =>
    withHost(t, async host => {
      const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
      const published = (conf: Conf) => ({ ...conf, ...ports })
      await must(host, 'ADD', before, { netns: a, containerId: 'c1' })
      await a.remove()
      const prevResult = await must(host, 'ADD', published(after), { netns: b, containerId: 'c2' })
      const had = await elements(host)
      t.ok(
        had.some(each => each.startsWith('10.88.0.2')),
        'it has the address of the first',
      )
      await remove(host)
      t.strictSame(await elements(host), had)
      await must(host, 'CHECK', { ...published(after), prevResult }, { netns: b, containerId: 'c2' })
      await must(host, 'DEL', published(after), { netns: b, containerId: 'c2' })
      t.strictSame(await elements(host), [], 'and nothing stays when it goes too')
    }),
  )
}
