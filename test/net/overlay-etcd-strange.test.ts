import t from 'tap'
import { call, must } from '../support/call.ts'
import type { Host } from '../support/host.ts'
import { join } from '../support/overlay.ts'
import { asked, etcdConf, lone, withAgents } from '../support/overlay-etcd.ts'
import { answers } from '../support/ping.ts'
import { until } from '../support/until.ts'

const conf = etcdConf()
const prefix = '/fairlead/v1/'

/** What nobody of us writes; each node has a block, too. */
const blocks = {
  'block/overlay1/9999999': { node: 'h1' },
  [`block/overlay1/${'9'.repeat(400)}`]: { node: 'h2' },
  'block/overlay1/02': { node: 'h2' },
  'place/overlay1/5000000/320000000': { node: 'h2', owner: 'x', call: 'y' },
}
const nodes = {
  a: '999.1.1.1',
  b: '224.0.0.5',
  c: '0.0.0.0',
  d: '127.0.0.1',
  e: '::',
  f: 'ff02::1',
  g: '::1',
}
const misfits = { h: '10.99.0.2', i: 'fd99::5', j: '10.200.9.9' }

t.test('what etcd holds that cannot be is left out and named, and all else goes on', t =>
  withAgents(
    t,
    2,
    conf,
    async ({ hosts, cluster }) => {
      const [one, two] = hosts as [Host, Host]
      const a = await join(one, 'a', conf)
      const put = (key: string, value: object) => cluster.ctl('put', prefix + key, `'${JSON.stringify(value)}'`)
      for (const [key, value] of Object.entries(blocks)) await put(key, value)
      const all = Object.entries({ ...nodes, ...misfits })
      for (const [index, [id, address]] of all.entries()) {
        await put(`node/${id}`, { address, name: id })
        await put(`block/overlay1/${900 + index}`, { node: id })
      }
      const expected = [
        ...Object.keys(blocks).map(key => `etcd ${key}`),
        ...Object.keys(nodes).map(id => `etcd node/${id}`),
        ...Object.keys(misfits).map(id => `node ${id} in overlay1`),
      ].toSorted()
      for (const host of [one, two]) {
        const named = async () => Object.keys((await asked(host, '/v1/state')).faults).toSorted()
        await until(async () => ((await named()).length === expected.length ? true : undefined))
        t.same(await named(), expected)
        const ready = async () => ((await call(host, 'STATUS', conf)).code === 0 ? true : undefined)
        t.ok(await until(ready), 'it is ready')
      }
      const b = await join(two, 'b', conf)
      t.ok(await answers(a.sandbox, b.v4), 'they reach each other')
      await must(one, 'CHECK', { ...conf, prevResult: a.result }, { netns: a.sandbox })
      for (const key of Object.keys(blocks)) await cluster.ctl('del', prefix + key)
      for (const [id] of all) await cluster.ctl('del', `${prefix}node/${id}`)
      const well = async () =>
        Object.keys((await asked(one, '/v1/state')).faults).length === 0 ? (true as const) : undefined
      t.ok(await until(well), 'once they are removed all is well')
    },
    lone,
  ),
)
