import t from 'tap'
import { examples } from '../support/example.ts'
import { fairlead, type Host, withHost } from '../support/host.ts'

const validate = (host: Host, ...words: readonly string[]) => host.exec([fairlead, 'validate', ...words])

const write = (host: Host, path: string, value: unknown) =>
  host.exec(['sh', '-c', `mkdir -p "$(dirname ${path})"; cat > ${path}`], {
    input: typeof value === 'string' ? value : JSON.stringify(value),
  })

const list = (...plugins: readonly unknown[]) => ({ cniVersion: '1.1.0', name: 'net1', plugins })
const bridge = (change: object = {}) => ({ type: 'bridge', ...change })

t.test('every example is valid, without a word of doubt', t =>
  withHost(t, async host => {
    const all = examples()
    const files = all.map((_, index) => `/run/net.d/${index}.conflist`)
    for (const [index, { list }] of all.entries()) await write(host, files[index] ?? '', list)
    const { code, stdout } = await validate(host, ...files)
    t.equal(code, 0)
    t.same(stdout.trim().split('\n').toSorted(), files.map(each => `${each}: valid`).toSorted())
  }),
)

t.test('what is wrong is told with its place', t =>
  withHost(t, async host => {
    const file = '/run/wrong.conflist'
    for (const [value, says] of [
      [list(bridge({ mtu: 'x' })), 'error: plugins[0].mtu must be of type integer'],
      [list(bridge({ vlan: 5000 })), 'error: plugins[0].vlan must be at most 4094'],
      [list(bridge({ Vlan: 5000 })), 'error: plugins[0].vlan must be at most 4094'],
      [bridge({ name: 'n', vlan: -1 }), 'error: vlan must be at least 0'],
      [
        list(bridge({ ipam: { type: 'host-local', ranges: [[{ subnet: 4 }]] } })),
        'error: plugins[0].ipam.ranges[0][0].subnet must be of type string',
      ],
      [
        list(bridge({ ipam: { type: 'host-local', subnet: '10.1.0.0/99' } })),
        'error: plugins[0].ipam: Cannot use the address range "10.1.0.0/99"',
      ],
      [list(bridge({ ipam: { type: 'bridge' } })), 'error: plugins[0].ipam.type: "bridge" is no IPAM plugin'],
      [list(bridge({ ipam: 4 })), 'error: plugins[0]: ipam must be an object with a string "type"'],
      [
        list(bridge({ hairpinMode: true, promiscMode: true })),
        'error: plugins[0]: cannot set hairpin mode and promiscuous mode at the same time',
      ],
      [list({ type: 'portmap' }), 'error: plugins[0]: "portmap" adds to an interface: put it behind'],
      [list(bridge(), { type: 'host-local' }), 'error: plugins[1]: "host-local" is an IPAM plugin'],
      [list(bridge(), 4), 'error: plugins[1] must be an object with a string "type"'],
      [list(), 'error: plugins must be a list with a plugin at least'],
      [{ name: 'n' }, 'error: plugins must be a list'],
      [{ ...list(bridge()), name: '' }, 'error: name: missing network name'],
      [{ ...list(bridge()), name: '-' }, 'error: name: Cannot use the network name'],
      [{ ...list(bridge()), cniVersion: '3.0.0' }, 'error: cniVersion: incompatible CNI versions'],
      [{ ...list(bridge()), cniVersion: 'new' }, 'error: cniVersion: incompatible CNI versions (config is "new"'],
      ['{ "name": ', 'error: Cannot'],
      ['[]', 'error: Cannot'],
    ] as const) {
      await write(host, file, value)
      const { code, stdout } = await validate(host, file)
      t.equal(code, 1)
      t.ok(stdout.includes(`${file}: ${says}`), `${says} <- ${stdout}`)
      t.notMatch(stdout, ': valid')
    }
  }),
)

t.test('keys that nobody knows, and plugins of others, are no errors', t =>
  withHost(t, async host => {
    const file = '/run/odd.conflist'
    await write(
      host,
      file,
      list(bridge({ isGatway: true, capabilities: { portMapings: true } }), { type: 'portmapp' }, { type: 'other' }),
    )
    const { code, stdout } = await validate(host, file)
    t.equal(code, 0)
    t.same(stdout.split('\n').slice(0, -1), [
      `${file}: warning: plugins[0].capabilities.portMapings is a key that nobody knows: did you mean "portMappings"?`,
      `${file}: warning: plugins[0].isGatway is a key that nobody knows: did you mean "isGateway"?`,
      `${file}: note: plugins[1]: "portmapp" is no plugin of fairlead: it was not looked at. Did you mean "portmap"?`,
      `${file}: note: plugins[2]: "other" is no plugin of fairlead: it was not looked at`,
      `${file}: valid`,
    ])
    t.equal((await validate(host, file, '--strict')).code, 1)
    const [judged] = JSON.parse((await validate(host, file, '--json')).stdout)
    t.match(judged, { file, valid: true, findings: [{ severity: 'warning', path: /portMapings$/ }] })
  }),
)

t.test('what is in a file, and its name, do nothing to a terminal', t =>
  withHost(t, async host => {
    const file = '/run/a\u001b[31m.conflist'
    const shown = '/run/a\\u001b[31m.conflist'
    await host.exec(['tee', file], { input: '\u001b[31mred\u0007{' })
    const broken = await validate(host, file)
    t.notMatch(broken.stdout, /[^\P{Cc}\n]/u)
    t.ok(broken.stdout.startsWith(`${shown}: error: Cannot read it`), broken.stdout)
    await host.exec(['tee', file], { input: JSON.stringify(list(bridge({ 'a\u001b[31mb': 1, 'c\nd': 2 }))) })
    const odd = await validate(host, file)
    t.same(odd.stdout.split('\n'), [
      `${shown}: warning: plugins[0].a\\u001b[31mb is a key that nobody knows`,
      `${shown}: warning: plugins[0].c\\u000ad is a key that nobody knows`,
      `${shown}: valid`,
      '',
    ])
    const missing = await host.exec([fairlead, 'explain', 'c\u001b[31m'])
    t.match(missing, { code: 1, stderr: 'Cannot explain c\\u001b[31m: ' })
    const { stdout } = await host.exec([fairlead, 'doctor', '--conf-dir', '/run'])
    t.ok(stdout.includes(`networks: ${shown}: plugins[0].a\\u001b[31mb is a key`), stdout)
  }),
)

t.test('without a file, those that runtimes read are looked at, in their order', t =>
  withHost(t, async host => {
    await write(host, '/run/net.d/20-b.conflist', list(bridge()))
    await write(host, '/run/net.d/10-a.conf', { cniVersion: '1.1.0', name: 'a', type: 'loopback' })
    await write(host, '/run/net.d/30-c.txt', 'nothing')
    const { code, stdout } = await validate(host, '--conf-dir', '/run/net.d')
    t.equal(code, 0)
    t.equal(stdout, '/run/net.d/10-a.conf: valid\n/run/net.d/20-b.conflist: valid\n')
    t.match(await validate(host, '--conf-dir', '/run/none'), { code: 1, stderr: /Name files, or a directory/ })
    t.match(await validate(host, '/run/none'), { code: 1, stdout: '/run/none: error: ENOENT' })
  }),
)
