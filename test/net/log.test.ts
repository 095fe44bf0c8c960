import t from 'tap'
import { bridgeConf, call, must } from '../support/call.ts'
import { type Host, withHost } from '../support/host.ts'

const file = '/run/fairlead.log'
const lines = async (host: Host) =>
  (await host.sh(`cat ${file}`))
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
const env = { FAIRLEAD_LOG: file }

t.test('An operation writes one JSON line where FAIRLEAD_LOG says', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    const start = Date.now()
    const result = await must(host, 'ADD', bridgeConf(), { netns: a, env })
    const [line, ...more] = await lines(host)
    t.match(line, { operation: 'ADD', plugin: 'bridge', network: 'net1', containerID: 'a', ifName: 'eth0', result })
    t.ok(Math.abs(Date.parse(line.time) - start) < 10_000, 'time')
    t.ok(line.milliseconds >= 0 && line.milliseconds < 10_000, 'milliseconds')
    t.notHas(line, { commands: [] })
    t.strictSame(more, [])
  }),
)

t.test('Every operation writes its line, a failed one with its error', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    const result = await must(host, 'ADD', bridgeConf(), { netns: a, env })
    for (const operation of ['CHECK', 'GC', 'STATUS', 'DEL']) {
      await must(host, operation, bridgeConf({ prevResult: result }), { netns: a, env })
    }
    const { error } = await call(host, 'ADD', bridgeConf({ mtu: -1 }), { netns: a, env })
    const written = await lines(host)
    t.strictSame(
      written.map(({ operation }) => operation),
      ['ADD', 'CHECK', 'GC', 'STATUS', 'DEL', 'ADD'],
    )
    t.strictSame(written.at(-1).error, error)
    t.strictSame(written.filter(line => line.error).length, 1)
  }),
)

t.test('The configuration’s log.file wins over FAIRLEAD_LOG', t =>
  withHost(t, async host => {
    const conf = bridgeConf({ log: { file: '/run/deep/dir/other.log' } })
    await must(host, 'ADD', conf, { netns: await host.sandbox('a'), env })
    t.equal(JSON.parse(await host.sh('cat /run/deep/dir/other.log')).operation, 'ADD')
    t.equal((await host.exec(['test', '-e', file])).code, 1)
  }),
)

t.test('Level debug tells the commands that ran', t =>
  withHost(t, async host => {
    const conf = bridgeConf({ log: { file, level: 'debug' } })
    await must(host, 'ADD', conf, { netns: await host.sandbox('a') })
    const [{ commands }] = await lines(host)
    t.ok(commands.length > 0)
    const text = JSON.stringify(commands)
    for (const word of ['address add 10.88.0.2/16', 'add element inet fairlead', 'type veth']) t.match(text, word)
    for (const { argv, milliseconds } of commands) t.ok(argv.length > 0 && milliseconds >= 0, argv.join(' '))
  }),
)

t.test('Without a log stderr is silent on success; with a level alone it has the line', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    t.equal((await call(host, 'STATUS', bridgeConf(), { netns: a })).stderr, '')
    const { stderr, stdout } = await call(host, 'STATUS', bridgeConf({ log: { level: 'info' } }), { netns: a })
    t.match(JSON.parse(stderr), { operation: 'STATUS' })
    t.equal(stdout, '')
  }),
)

t.test('A log that cannot be written fails nothing', t =>
  withHost(t, async host => {
    const conf = bridgeConf({ log: { file: '/etc/passwd/log' } })
    t.equal((await call(host, 'ADD', conf, { netns: await host.sandbox('a') })).code, 0)
  }),
)

t.test('Plugins that run at the same time never mix their lines', t =>
  withHost(t, async host => {
    const names = Array.from({ length: 10 }, (_, index) => `s${index}`)
    for (const name of names) await host.sandbox(name)
    const conf = bridgeConf({ log: { file, level: 'debug' } })
    await Promise.all(names.map(name => must(host, 'ADD', conf, { netns: `/run/netns/${name}`, containerId: name })))
    t.strictSame((await lines(host)).map(({ containerID }) => containerID).sort(), names)
  }),
)

const typos: readonly (readonly [conf: Readonly<Record<string, unknown>>, text: RegExp])[] = [
  [{ isGatway: true }, /unknown key "isGatway", did you mean "isGateway"\?/],
  [
    { ipam: { type: 'host-local', subnet: '10.88.0.0/16', rangestart: '10.88.0.5', gatway: '10.88.0.1' } },
    /"ipam\.gatway", did you mean "gateway"/,
  ],
  [
    { ipam: { type: 'static', addresses: [{ address: '10.88.0.2/16', gatewy: '10.88.0.1' }] } },
    /"ipam\.addresses\[0\]\.gatewy", did you mean "gateway"/,
  ],
  [{ colour: 'blue' }, /unknown key "colour"(?!,)/],
]

t.test('An unknown key is in the log, in errors, and refused with "strict"', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    for (const [keys, text] of typos) {
      await host.sh(`rm -f ${file}`)
      const conf = bridgeConf(keys)
      await must(host, 'ADD', conf, { netns: a, env })
      t.match((await lines(host))[0].warnings.join(), text, 'log')
      const again = await call(host, 'ADD', conf, { netns: a, containerId: 'other' })
      t.match(again.error?.details, text, 'error, of another kind')
      await must(host, 'DEL', conf, { netns: a })
      t.match(
        await call(host, 'ADD', { ...conf, strict: true }, { netns: a }),
        { error: { code: 7, msg: text } },
        'strict',
      )
    }
  }),
)

const added = {
  strict: true,
  capabilities: { ips: true, mac: true, portMappings: true, 'io.kubernetes.cri.pod-annotations': true },
  runtimeConfig: {
    ips: [],
    portMappings: [{ HostPort: 1, ContainerPort: 1 }],
    'io.kubernetes.cri.pod-annotations': { k: 'v' },
  },
  args: { cni: { labels: [{ key: 'k', value: 'v' }] }, podman_options: { isolate: 'true' } },
  'cni.dev/valid-attachments': [],
  'cni.dev/attachments': null,
  nerdctlID: 'x',
  nerdctlLabels: {},
  disableCheck: true,
  disableGC: false,
  loadOnlyInlinedPlugins: true,
  cniVersions: ['1.0.0', '1.1.0'],
  ipam: { type: 'host-local', ranges: [[{ subnet: '10.88.0.0/16', ipRange: '10.88.1.0/24' }]], routes: null },
  VLAN: 0,
  ISGATEWAY: true,
  dns: null,
}

t.test('"strict" never counts the keys that runtimes add, nor their spelling', t =>
  withHost(t, async host => {
    t.match(await call(host, 'ADD', bridgeConf(added), { netns: await host.sandbox('a') }), { code: 0 })
  }),
)

t.test('A burst that is not used as it was asked for is told', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    const bandwidth = { IngressRate: 10_000_000, IngressBurst: 4294967295, EgressRate: 0, EgressBurst: 0 }
    const conf = bridgeConf({ runtimeConfig: { bandwidth } })
    const { stderr } = await call(host, 'ADD', conf, { netns: a, env })
    t.equal(stderr, '')
    t.match((await lines(host))[0].warnings, [/^ingressBurst 4294967295 would let ingressRate 10000000 be exceeded/])
  }),
)
