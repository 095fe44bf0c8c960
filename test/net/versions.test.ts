import t, { type Test } from 'tap'
import { bridgeConf, type Conf, call, hostLocal, must } from '../support/call.ts'
import { bin, type Host, withHost } from '../support/host.ts'
import { trace } from '../support/trace.ts'

const versions = ['0.1.0', '0.2.0', '0.3.0', '0.3.1', '0.4.0', '1.0.0', '1.1.0']
const plugins = ['bridge', 'host-local', 'loopback', 'static']
const isFirst = (version: string) => version < '0.3.0'
const isOld = (version: string) => version < '1.0.0'

const dual = hostLocal('10.88.0.0/16', 'fd00:88::/64')
const address = { type: 'static', addresses: [{ address: '10.88.0.2/16', gateway: '10.88.0.1' }] }
const routes = [{ dst: '10.9.0.0/16', gw: '10.88.0.1', mtu: 1400, table: 0 }]
const confs: Readonly<Record<string, Conf>> = {
  'bridge with both families': bridgeConf({ ipam: dual }),
  'bridge with static': bridgeConf({ ipam: { ...address, routes, dns: { nameservers: ['1.1.1.1'] } } }),
  'host-local': { ...bridgeConf({ ipam: dual }), type: 'host-local' },
  static: { ...bridgeConf({ ipam: { ...address, routes } }), type: 'static' },
}

// biome-ignore lint/suspicious/noExplicitAny: results differ by protocol version
function checkShape(t: Test, version: string, result: any): void {
  t.equal(result.cniVersion, version)
  if (isFirst(version)) {
    t.match(result, { ip4: { ip: '10.88.0.2/16', gateway: '10.88.0.1' }, dns: {} })
    t.strictSame(
      ['interfaces', 'ips', 'routes'].filter(key => key in result),
      [],
    )
    for (const route of result.ip4.routes)
      t.strictSame(
        Object.keys(route).filter(key => !['dst', 'gw'].includes(key)),
        [],
      )
    return
  }
  t.match(result.ips[0], { address: '10.88.0.2/16', gateway: '10.88.0.1' })
  t.equal(result.ips[0].version, isOld(version) ? '4' : undefined)
  t.equal('dns' in result, isOld(version) || result.dns?.nameservers !== undefined)
  for (const each of result.interfaces ?? []) t.equal('mtu' in each, !isOld(version), 'mtu')
  if (result.routes?.[0]?.mtu) t.match(result.routes, routes)
}

for (const [name, conf] of Object.entries(confs)) {
  t.test(`ADD and DEL of ${name} speak every version`, t =>
    withHost(t, async host => {
      const a = await host.sandbox('a')
      for (const cniVersion of [...versions, '']) {
        await host.sh('rm -rf /var/lib/cni/networks')
        const result = await must(host, 'ADD', { ...conf, cniVersion }, { netns: a })
        checkShape(t, cniVersion || '0.1.0', result)
        const last = isFirst(cniVersion) || cniVersion < '0.4.0' ? {} : { prevResult: result }
        if ('prevResult' in last) await must(host, 'CHECK', { ...conf, cniVersion, ...last }, { netns: a })
        await must(host, 'DEL', { ...conf, cniVersion, ...last }, { netns: a })
      }
    }),
  )
}

t.test('A layer 2 attachment is refused where the version cannot say it, before anything is made', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    const before = await trace(host)
    for (const cniVersion of ['0.1.0', '0.2.0', '']) {
      const answer = await call(host, 'ADD', bridgeConf({ cniVersion, ipam: {} }), { netns: a })
      t.match(answer, { code: 1, error: { code: 7, cniVersion: cniVersion || '0.1.0' } })
    }
    t.strictSame(await trace(host), before)
    t.equal((await call(host, 'ADD', bridgeConf({ cniVersion: '0.3.0', ipam: {} }), { netns: a })).code, 0)
  }),
)

const gates: readonly (readonly [operation: string, cniVersion: string, code: number, msg: RegExp])[] = [
  ['ADD', '1.2.0', 1, /incompatible CNI versions/],
  ['ADD', '1.1', 1, /incompatible CNI versions/],
  ['DEL', 'x', 1, /incompatible CNI versions/],
  ['CHECK', '0.3.1', 1, /config version does not allow CHECK/],
  ['CHECK', 'x', 6, /./],
  ['CHECK', '2.0.0', 1, /plugin version does not allow CHECK/],
  ['GC', '1.0.0', 1, /config version does not allow GC/],
  ['STATUS', '', 1, /config version does not allow STATUS/],
  ['STATUS', '1.1.1', 1, /./],
]

t.test('A version that does not fit is refused, with the words that runtimes look for', t =>
  withHost(t, async host => {
    for (const plugin of plugins) {
      for (const [operation, cniVersion, code, msg] of gates) {
        const answer = await call(
          host,
          operation,
          { ...bridgeConf({ cniVersion }), type: plugin },
          { netns: '/run/netns/x' },
        )
        t.match(answer, { code: 1, error: { code, msg, cniVersion: String } }, `${plugin} ${operation} ${cniVersion}`)
      }
    }
  }),
)

const probe = (host: Host, plugin: string, env: Readonly<Record<string, string>>, input = '') =>
  host.exec([`${bin}/${plugin}`], { env, input })

t.test('VERSION needs nothing but its name, and reads no stdin', t =>
  withHost(t, async host => {
    const dummy = { CNI_IFNAME: 'dummy', CNI_NETNS: 'dummy', CNI_PATH: 'dummy', CNI_CONTAINERID: '', CNI_ARGS: '' }
    for (const plugin of plugins) {
      for (const [env, input] of [
        [{}, ''],
        [dummy, '{"cniVersion":"1.0.0"}'],
        [{ CNI_CONTAINERID: '/' }, '{'],
      ] as const) {
        const { code, stdout, stderr } = await probe(host, plugin, { ...env, CNI_COMMAND: 'VERSION' }, input)
        t.strictSame(
          [code, stderr, JSON.parse(stdout)],
          [0, '', { cniVersion: '1.1.0', supportedVersions: versions }],
          plugin,
        )
      }
    }
  }),
)

t.test('Without CNI_COMMAND a plugin introduces itself on stderr, in words that runtimes parse', t =>
  withHost(t, async host => {
    for (const plugin of plugins) {
      for (const env of [{}, { CNI_COMMAND: '' }] as const) {
        const { code, stdout, stderr } = await probe(host, plugin, env)
        t.strictSame([code, stdout], [0, ''])
        t.match(stderr, new RegExp(`^CNI ${plugin} plugin v\\d+\\.\\d+\\.\\d+\n.*${versions.join(', ')}`))
      }
      t.equal((await host.exec([`${bin}/${plugin}`, '--version'], { env: {} })).code, 0, 'arguments change nothing')
    }
  }),
)

t.test('What Node.js reads of the environment changes nothing', t =>
  withHost(t, async host => {
    for (const NODE_OPTIONS of ['--bogus', '--require=/absent.js', '--throw-deprecation']) {
      const { code, stdout } = await probe(host, 'bridge', { CNI_COMMAND: 'VERSION', NODE_OPTIONS })
      t.equal(code, 0, NODE_OPTIONS)
      t.match(stdout, /supportedVersions/)
    }
  }),
)
