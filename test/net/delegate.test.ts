import t from 'tap'
import { bridgeConf, must } from '../support/call.ts'
import { fakeIpam } from '../support/fake-ipam.ts'
import { withHost } from '../support/host.ts'

const conf = bridgeConf({ ipam: { type: 'fake-ipam', __proto__x: ' odd ' } })
/** Bytes that a rewrite of the JSON would not keep: spaces, an escape, a number, a key twice. */
const input = ` {"x": 1.50, "x": "\\u0041",${JSON.stringify(conf).slice(1)}\n\n`
const operations = async (ipam: Awaited<ReturnType<typeof fakeIpam>>) =>
  (await ipam.calls()).map(each => each.operation)

t.test('A foreign IPAM plugin gets the bytes and the environment of the caller, CNI_COMMAND alone replaced', t =>
  withHost(t, async host => {
    const [ipam, a] = [await fakeIpam(host), await host.sandbox('a')]
    const env = { EXTRA: 'kept', XDG_RUNTIME_DIR: '/x' }
    const options = { netns: a, path: ipam.path, args: 'IgnoreUnknown=1;K8S_POD_NAME=p', input, env }
    const result = await must(host, 'ADD', conf, options)
    t.match(result, { ips: [{ address: '10.88.0.50/16', gateway: '10.88.0.1', interface: 2 }] })
    const [{ stdin, env: seen } = { stdin: '', env: {} }] = await ipam.calls()
    t.equal(stdin, input)
    // The shell adds its own, the test runner those of what it starts.
    const foreign = /^(PWD|OLDPWD|SHLVL|_|NODE_OPTIONS|_TAPJS_.*)$/
    t.strictSame(Object.fromEntries(Object.entries(seen).filter(([name]) => !foreign.test(name))), {
      PATH: process.env.PATH,
      LC_ALL: 'C',
      CNI_COMMAND: 'ADD',
      CNI_CONTAINERID: 'a',
      CNI_NETNS: a.path,
      CNI_IFNAME: 'eth0',
      CNI_ARGS: options.args,
      CNI_PATH: ipam.path,
      ...env,
    })
    t.equal((await a.exec(['ping', '-c1', '-W2', '10.88.0.1'])).code, 0, 'the address works')
  }),
)

t.test('DEL, CHECK, GC and STATUS are forwarded, each once, with the same bytes', t =>
  withHost(t, async host => {
    const [ipam, a] = [await fakeIpam(host), await host.sandbox('a')]
    const prevResult = await must(host, 'ADD', conf, { netns: a, path: ipam.path })
    for (const operation of ['CHECK', 'STATUS', 'GC', 'DEL']) {
      const request = { ...conf, prevResult, 'cni.dev/valid-attachments': [{ containerID: 'a', ifname: 'eth0' }] }
      const text = `${JSON.stringify(request)} `
      await must(host, operation, request, { netns: a, path: ipam.path, input: text })
      const last = (await ipam.calls()).at(-1)
      t.match(last, { operation, env: { CNI_COMMAND: operation } })
      t.equal(last?.stdin, text, operation)
    }
    t.strictSame(await operations(ipam), ['ADD', 'CHECK', 'STATUS', 'GC', 'DEL'])
  }),
)

t.test('GC releases the garbage by DEL before it is forwarded', t =>
  withHost(t, async host => {
    const [ipam, a] = [await fakeIpam(host), await host.sandbox('a')]
    await must(host, 'ADD', conf, { netns: a, path: ipam.path })
    await must(
      host,
      'GC',
      { ...conf, 'cni.dev/valid-attachments': [] },
      { containerId: '', ifName: '', path: ipam.path },
    )
    t.match(await ipam.calls(), [
      {},
      { operation: 'DEL', env: { CNI_CONTAINERID: 'a', CNI_IFNAME: 'eth0' } },
      { operation: 'GC' },
    ])
  }),
)

const replies: readonly (readonly [version: string, reply: object])[] = [
  [
    '0.2.0',
    { cniVersion: '0.2.0', ip4: { ip: '10.88.0.5/16', gateway: '10.88.0.1', routes: [{ dst: '10.9.0.0/16' }] } },
  ],
  [
    '0.4.0',
    {
      cniVersion: '0.4.0',
      ips: [{ version: '4', address: '10.88.0.5/16', gateway: '10.88.0.1', interface: 7 }],
      routes: [{ dst: '10.9.0.0/16' }],
    },
  ],
  [
    'no',
    {
      ips: [{ address: '10.88.0.5/16', gateway: '10.88.0.1' }],
      interfaces: [{ name: 'x' }],
      routes: [{ dst: '10.9.0.0/16' }],
    },
  ],
]

t.test('A reply is understood that has', t =>
  withHost(t, async host => {
    const [ipam, a] = [await fakeIpam(host), await host.sandbox('a')]
    for (const [version, reply] of replies) {
      await ipam.answers('ADD', { stdout: reply })
      const result = await must(host, 'ADD', conf, { netns: a, path: ipam.path })
      t.strictSame(result.ips, [{ address: '10.88.0.5/16', gateway: '10.88.0.1', interface: 2 }], `${version} version`)
      t.match(result, {
        cniVersion: '1.1.0',
        routes: [{ dst: '10.9.0.0/16', gw: '10.88.0.1' }],
        interfaces: [{}, {}, { name: 'eth0' }],
      })
      await must(host, 'DEL', conf, { netns: a, path: ipam.path })
    }
  }),
)

t.test('The first regular file of that name in CNI_PATH is called, ours in another file as a foreign one', t =>
  withHost(t, async host => {
    const [ipam, a] = [await fakeIpam(host, 'host-local'), await host.sandbox('a')]
    await host.sh('mkdir -p /run/first/host-local')
    const { ips } = await must(host, 'ADD', bridgeConf(), { netns: a, path: `/run/first:${ipam.path}` })
    t.equal(ips[0].address, '10.88.0.50/16')
    t.strictSame(await operations(ipam), ['ADD'])
    await must(host, 'DEL', bridgeConf(), { netns: a, path: `/run/first:${ipam.path}` })
    t.strictSame(await operations(ipam), ['ADD', 'DEL'])
  }),
)
