/** Both builds on one host: each goes on with what the other has begun. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import t from 'tap'
import { bridgeConf, must } from '../support/call.ts'
import { withHost } from '../support/host.ts'
import { stateOf } from '../support/state.ts'

const [node, native] = ['dist/bin', 'dist/native/bin'].map(place => resolve(import.meta.dirname, '../..', place)) as [
  string,
  string,
]
if (!existsSync(native)) throw new Error(`${native} is missing: run "make native" first`)

const published = (hostPort: number) =>
  bridgeConf({
    isolation: 'same-network',
    runtimeConfig: { portMappings: [{ hostPort, containerPort: 80, protocol: 'tcp' }] },
  })
const conf = published(8080)

for (const [first, second, what] of [
  [node, native, 'what Node.js attached, the native plugin checks, and removes without a trace'],
  [native, node, 'what the native plugin attached, Node.js checks, and removes without a trace'],
] as const) {
  t.test(what, t =>
    withHost(t, async host => {
      const resident = await host.sandbox('resident')
      await must(host, 'ADD', published(8081), { netns: resident, from: node, path: node })
      const netns = await host.sandbox('c1')
      const before = await stateOf(host)
      const prevResult = await must(host, 'ADD', conf, { netns, from: first, path: first })
      await must(host, 'CHECK', { ...conf, prevResult }, { netns, from: second, path: second })
      await must(host, 'DEL', { ...conf, prevResult }, { netns, from: second, path: second })
      t.same(await stateOf(host), before)
    }),
  )
}

t.test('at once they give each container an address of its own', t =>
  withHost(t, async host => {
    const plain = { ...conf, runtimeConfig: {} }
    const names = Array.from({ length: 12 }, (_, index) => `c${index}`)
    const sandboxes = await Promise.all(names.map(name => host.sandbox(name)))
    const by = (index: number) => (index % 2 === 0 ? node : native)
    const results = await Promise.all(
      sandboxes.map((netns, index) => must(host, 'ADD', plain, { netns, from: by(index), path: by(index) })),
    )
    t.equal(new Set(results.map(({ ips }) => ips[0].address)).size, names.length)
    await Promise.all(
      sandboxes.map((netns, index) => must(host, 'DEL', plain, { netns, from: by(index + 1), path: by(index + 1) })),
    )
    const { links = [], files = [] } = await stateOf(host)
    t.same(
      links.filter(line => line.startsWith('veth')),
      [],
    )
    t.same(
      files.filter(line => /networks|attachments/.test(line)),
      [],
    )
  }),
)
