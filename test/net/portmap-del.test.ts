import t from 'tap'
import { call } from '../support/call.ts'
import { type Host, withHost } from '../support/host.ts'
import {
  confsOf,
  elements,
  type Mapping,
  mapping,
  type Published,
  publish,
  row,
  unpublish,
  ways,
} from '../support/publish.ts'
import { settles, stateOf } from '../support/state.ts'

const mappings: readonly Mapping[] = [
  mapping(8080, 80),
  ...row(9000, 10),
  mapping(53, 53, { protocol: 'udp' }),
  mapping(70, 70, { hostIP: '192.0.2.1' }),
]

type Undo = (host: Host, published: Published) => Promise<void>

/** DEL of all plugins with other input than usual. */
const del =
  (change: (conf: object, result: unknown) => object, mappings?: unknown, netns?: string): Undo =>
  async (host, { publication, sandbox, result }) => {
    for (const conf of confsOf(publication, mappings).toReversed()) {
      const given = change(conf, result) as typeof conf
      const ran = await call(host, 'DEL', given, { netns: netns ?? sandbox, containerId: sandbox.name })
      if (ran.code !== 0 || ran.stdout !== '') throw new Error(`DEL: ${ran.stdout}${ran.stderr}`)
    }
  }

const usual = del((conf, prevResult) => ({ ...conf, prevResult }), mappings)
const after =
  (script: string, undo: Undo): Undo =>
  async (host, published) => {
    await host.sh(script)
    await undo(host, published)
  }

/** Ways to undo an ADD, after each of which nothing may be left. */
const undoings: Readonly<Record<string, Undo>> = {
  'DEL as usual': usual,
  'DEL twice': async (host, published) => {
    await usual(host, published)
    await usual(host, published)
  },
  'DEL without prevResult': del(conf => conf, mappings),
  'DEL without runtimeConfig': del((conf, prevResult) => ({ ...conf, prevResult })),
  'DEL with other ports': del((conf, prevResult) => ({ ...conf, prevResult }), [mapping(1)]),
  'DEL with ports that make no sense': del(conf => conf, [{ hostPort: 'x' }]),
  'DEL with keys that make no sense': del(conf => ({ ...conf, snat: 7, masqAll: 'x', backend: [], conditionsV4: 'x' })),
  'DEL with other conditions': del(conf => ({ ...conf, conditionsV4: ['ip', 'saddr', '192.0.2.9'], snat: false })),
  'DEL with a prevResult that makes no sense': del(conf => ({ ...conf, prevResult: { ips: 7 } }), mappings),
  'DEL without CNI_NETNS': del(conf => conf, mappings, ''),
  'DEL after the network namespace has gone': async (host, published) => {
    await published.sandbox.remove()
    await usual(host, published)
    await host.sandbox(published.sandbox.name)
  },
  'DEL after the elements have gone': after(
    'nft flush map inet fairlead port4; nft flush set inet fairlead near6',
    usual,
  ),
  'DEL of a network that was renamed': async (host, published) => {
    await published.sandbox.remove()
    await del((conf, prevResult) => ({ ...conf, prevResult, name: 'renamed' }), mappings)(host, published)
    await host.sandbox(published.sandbox.name)
  },
}

/** Portmap, and with it what its chain had before. */
const collectAll = async (host: Host, { publication }: Published): Promise<void> => {
  for (const conf of confsOf(publication, undefined)) {
    const ran = await call(host, 'GC', { ...conf, 'cni.dev/valid-attachments': [] }, { containerId: '', ifName: '' })
    if (ran.code !== 0) throw new Error(`GC: ${ran.stdout}`)
  }
}

for (const way of ways) {
  t.test(`nothing is left, ${way}`, t =>
    withHost(t, async host => {
      const a = await host.sandbox('a')
      await unpublish(host, await publish(host, { way }, a, mappings))
      const before = await stateOf(host)
      for (const [what, undo] of Object.entries({ ...undoings, GC: collectAll })) {
        await undo(host, await publish(host, { way }, a, mappings))
        await settles(t, host, before, what)
      }
    }),
  )

  t.test(`nothing is left after a flush of the ruleset, ${way}`, t =>
    withHost(t, async host => {
      const published = await publish(host, { way }, await host.sandbox('a'), mappings)
      await host.sh('nft flush ruleset')
      await unpublish(host, published)
      t.equal(await host.ruleset(), '')
      t.equal((await host.sh('find /var/lib/cni/fairlead -type f ! -name boot ! -path "*/shared/*"')).trim(), '')
    }),
  )

  t.test(`GC spares valid attachments, and does nothing without a list, ${way}`, t =>
    withHost(t, async host => {
      const a = await publish(host, { way }, await host.sandbox('a'), mappings)
      const b = await publish(host, { way }, await host.sandbox('b'), [mapping(1000)])
      const collect = async (change: object) => {
        for (const conf of confsOf({ way }, undefined)) {
          t.equal((await call(host, 'GC', { ...conf, ...change }, { containerId: '', ifName: '' })).code, 0)
        }
      }
      const before = await elements(host)
      await collect({})
      t.same(await elements(host), before)
      await collect({ 'cni.dev/valid-attachments': ['a', 'b'].map(containerID => ({ containerID, ifname: 'eth0' })) })
      t.same(await elements(host), before)
      await collect({ 'cni.dev/valid-attachments': [{ containerID: 'a', ifname: 'eth0' }] })
      t.notMatch((await elements(host)).join(), `${b.v4}`)
      t.match((await elements(host)).join(), `${a.v4} . 80`)
      await unpublish(host, a)
      t.same(await elements(host), [])
    }),
  )

  t.test(`a second ADD takes the place of the first, ${way}`, t =>
    withHost(t, async host => {
      if (way === 'single') return
      const a = await publish(host, { way }, await host.sandbox('a'), mappings)
      const [, conf] = confsOf({ way }, [mapping(8080, 81)])
      if (!conf) return
      const again = await call(host, 'ADD', { ...conf, prevResult: a.result }, { netns: a.sandbox })
      t.equal(again.code, 0)
      t.match((await elements(host)).join('\n'), /tcp \. 8080 comment "net1 eth0 a" : 10\.88\.0\.2 \. 81/)
      t.notMatch((await elements(host)).join('\n'), /9000/)
      const none = await call(host, 'ADD', { ...conf, runtimeConfig: {}, prevResult: a.result }, { netns: a.sandbox })
      t.equal(none.code, 0)
      t.notMatch((await elements(host)).join('\n'), /8080/)
      await unpublish(host, a)
      t.same(await elements(host), [])
    }),
  )
}
