import t from 'tap'
import { bridgeConf, call, must } from '../support/call.ts'
import { fakeIpam } from '../support/fake-ipam.ts'
import { withHost } from '../support/host.ts'
import { trace } from '../support/trace.ts'

const conf = bridgeConf({ ipam: { type: 'fake-ipam', __proto__x: ' odd ' } })
const operations = async (ipam: Awaited<ReturnType<typeof fakeIpam>>) =>
  (await ipam.calls()).map(each => each.operation)

const errors: readonly (readonly [what: string, reply: object, expected: object])[] = [
  [
    'a typed error',
    { stdout: { code: 142, msg: 'no more', details: 'why' }, code: 1 },
    { code: 142, msg: 'no more', details: /why/ },
  ],
  [
    'a typed error beside other text',
    { stdout: { code: 11, msg: 'later' }, stderr: 'noise', code: 3 },
    { code: 11, msg: 'later' },
  ],
  ['text on stderr', { stderr: 'it burns', code: 1 }, { msg: /fake-ipam.*it burns/ }],
  ['text on stdout', { stdout: 'it burns', code: 1 }, { msg: /fake-ipam.*it burns/ }],
  ['nothing', { code: 7 }, { msg: /fake-ipam.*status 7/ }],
  ['no JSON and success', { stdout: 'fine' }, { msg: /fake-ipam/ }],
  ['nothing and success', {}, { msg: /fake-ipam/ }],
  ['no ips', { stdout: { cniVersion: '1.1.0', ips: [] } }, { code: 7, msg: /missing IP config.*fake-ipam/ }],
  ['a result of null', { stdout: 'null' }, { msg: /missing IP config/ }],
  ['an unknown version', { stdout: { cniVersion: '9.0.0', ips: [{ address: '10.88.0.5/16' }] } }, { msg: /9\.0\.0/ }],
  [
    'an address that is none',
    { stdout: { cniVersion: '1.1.0', ips: [{ address: '10.88.0.5' }] } },
    { msg: /10\.88\.0\.5/ },
  ],
  ['words in an address', { stdout: { cniVersion: '1.1.0', ips: [{ address: '10.88.0.5/16 dev lo' }] } }, {}],
  [
    'a gateway elsewhere',
    { stdout: { cniVersion: '1.1.0', ips: [{ address: '10.88.0.5/16', gateway: '10.9.0.1' }] } },
    { msg: /10\.9\.0\.1/ },
  ],
]

t.test('ADD fails, releases and leaves nothing, where the IPAM plugin answers', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    const warm = await fakeIpam(host)
    await must(host, 'ADD', conf, { netns: a, path: warm.path })
    await must(host, 'DEL', conf, { netns: a, path: warm.path })
    const before = await trace(host)
    for (const [what, reply, expected] of errors) {
      await host.sh('rm -r /run/ipam')
      const ipam = await fakeIpam(host)
      await ipam.answers('ADD', reply)
      t.match(await call(host, 'ADD', conf, { netns: a, path: ipam.path }), { code: 1, error: expected }, what)
      t.strictSame(await operations(ipam), ['ADD', 'DEL'], 'DEL follows the failure')
    }
    t.strictSame(await trace(host), before)
    t.strictSame((await a.ip('link')).length, 1, 'the sandbox is empty')
  }),
)

for (const [operation, code] of [
  ['DEL', 100],
  ['CHECK', 101],
  ['GC', 102],
  ['STATUS', 50],
  ['STATUS', 51],
] as const) {
  t.test(`An error ${code} of the IPAM plugin's ${operation} reaches the runtime`, t =>
    withHost(t, async host => {
      const [ipam, a] = [await fakeIpam(host), await host.sandbox('a')]
      const prevResult = await must(host, 'ADD', conf, { netns: a, path: ipam.path })
      await ipam.answers(operation, { stdout: { code, msg: 'not now' }, code: 1 })
      const request = { ...conf, prevResult, 'cni.dev/valid-attachments': [{ containerID: 'a', ifname: 'eth0' }] }
      const { error } = await call(host, operation, request, { netns: a, path: ipam.path })
      t.match(error, operation === 'GC' ? { msg: /not now/ } : { code, msg: 'not now' })
    }),
  )
}

t.test('A DEL that the IPAM plugin refuses can be repeated, and then frees all', t =>
  withHost(t, async host => {
    const [ipam, a] = [await fakeIpam(host), await host.sandbox('a')]
    await must(host, 'ADD', conf, { netns: a, path: ipam.path })
    await ipam.answers('DEL', { stdout: { code: 11, msg: 'later' }, code: 1 })
    t.match(await call(host, 'DEL', conf, { netns: a, path: ipam.path }), { code: 1, error: { code: 11 } })
    await ipam.answers('DEL', {})
    await must(host, 'DEL', conf, { netns: a, path: ipam.path })
    const { links, rules, files } = await trace(host)
    t.notMatch([...links, ...rules, ...files].join('\n'), /veth|10\.88\.0\.50|attachments/)
  }),
)

t.test('An IPAM type that cannot be found or is no name is refused before anything is made', t =>
  withHost(t, async host => {
    const [a, before] = [await host.sandbox('a'), await trace(host)]
    for (const type of ['absent', '../bridge', '/bin/true']) {
      t.match(
        await call(host, 'ADD', bridgeConf({ ipam: { type } }), { netns: a }),
        { code: 1, error: { code: 7 } },
        type,
      )
    }
    t.strictSame(await trace(host), before)
  }),
)
