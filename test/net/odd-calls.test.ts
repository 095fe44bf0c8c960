import t from 'tap'
import { versions } from '../../lib/cni/version.ts'
import { bridgeConf, must } from '../support/call.ts'
import { bin, withHost } from '../support/host.ts'

t.test('an operation with empty variables, for an attachment that never was, succeeds in silence', t =>
  withHost(t, async host => {
    for (const [type, operation, change] of [
      ['bridge', 'DEL', {}],
      ['bridge', 'DEL', { cniVersion: '0.3.1', ipam: undefined }],
      ['bridge', 'DEL', { mtu: -1, bridge: 'a/b', vlan: 7, ipam: { type: 'host-local', subnet: 'x' } }],
      ['bridge', 'DEL', { name: 'n'.repeat(256) }],
      ['host-local', 'DEL', {}],
      ['host-local', 'DEL', { name: 'n'.repeat(256) }],
      ['static', 'DEL', { ipam: { type: 'static' } }],
      ['loopback', 'DEL', { cniVersion: '0.3.1' }],
      ['bridge', 'STATUS', {}],
      ['bridge', 'GC', { 'cni.dev/valid-attachments': null, 'cni.dev/attachments': null }],
      ['loopback', 'GC', {}],
    ] as const) {
      const env = { CNI_COMMAND: operation, CNI_NETNS: '', CNI_ARGS: '', CNI_PATH: bin }
      const attachment =
        operation === 'DEL'
          ? { CNI_CONTAINERID: `c${host.pid}`, CNI_IFNAME: 'eth0' }
          : { CNI_CONTAINERID: '', CNI_IFNAME: '' }
      const input = JSON.stringify({ ...bridgeConf(change), type })
      t.match(
        await host.exec([`${bin}/${type}`], { env: { ...env, ...attachment }, input }),
        { code: 0, stdout: '', stderr: '' },
        `${type} ${operation} ${JSON.stringify(change)}`,
      )
    }
    t.same(
      Object.keys(await host.files()).filter(path => !path.endsWith('/boot') && !path.endsWith('/lock')),
      [],
      'no file is left',
    )
  }),
)

t.test('interfaces of one sandbox may be attached at the same time, lo among them', t =>
  withHost(t, async host => {
    const sandbox = await host.sandbox('free')
    const add = (type: string, name: string, ifName: string) =>
      must(
        host,
        'ADD',
        { ...bridgeConf({ name, cniVersion: type === 'loopback' ? '0.3.1' : '1.1.0' }), type },
        { netns: sandbox, containerId: `c${host.pid}`, ifName },
      )
    const results = await Promise.all([
      add('bridge', 'net1', 'eth0'),
      add('bridge', 'net1', 'eth1'),
      add('bridge', 'net1', 'eth2'),
      add('loopback', 'lo', 'lo'),
    ])
    t.equal(new Set(results.map(({ ips }) => ips[0].address)).size, 4, 'every interface has an address of its own')
    const links = await sandbox.ip('link')
    t.same(links.map(({ ifname }) => ifname).sort(), ['eth0', 'eth1', 'eth2', 'lo'])
    t.ok(
      links.every(({ flags }) => flags.includes('UP')),
      'all are up',
    )
  }),
)

t.test('the result names the bridge, the end on the host and the one in the container, in this order', t =>
  withHost(t, async host => {
    const sandbox = await host.sandbox('free')
    for (const cniVersion of ['0.4.0', '1.1.0']) {
      const options = { netns: sandbox, ifName: `eth${cniVersion[0]}` }
      const { interfaces, ips } = await must(host, 'ADD', bridgeConf({ cniVersion }), options)
      const [, hostEnd] = interfaces
      t.match(interfaces, [{ name: 'cni0' }, { mac: /:/ }, { name: options.ifName, sandbox: sandbox.path }], cniVersion)
      t.match(await host.ip('link', 'show', hostEnd.name), [{ address: hostEnd.mac, master: 'cni0' }])
      t.equal(interfaces.filter((each: object) => 'sandbox' in each).length, 1, 'one of them is in a sandbox')
      t.same(
        ips.map((each: { interface: number }) => each.interface),
        [2],
        'which has the address',
      )
    }
  }),
)

t.test('a call that is no operation introduces the plugin, whatever its arguments', t =>
  withHost(t, async host => {
    for (const type of ['bridge', 'host-local', 'static', 'loopback']) {
      for (const [words, env] of [
        [[], {}],
        [['--version'], {}],
        [['ADD', '-h'], { CNI_COMMAND: '' }],
      ] as const) {
        const ran = await host.exec([`${bin}/${type}`, ...words], { env, input: 'no JSON' })
        t.match(
          ran,
          {
            code: 0,
            stdout: '',
            stderr: new RegExp(`^CNI ${type} plugin v\\d+\\.\\d+\\.\\d+\nCNI protocol versions supported: 0.1.0, `),
          },
          `${type} ${words.join(' ')}`,
        )
      }
      const env = {
        CNI_COMMAND: 'VERSION',
        CNI_CONTAINERID: '',
        CNI_NETNS: 'dummy',
        CNI_IFNAME: 'dummy',
        CNI_PATH: 'dummy',
        CNI_ARGS: '',
      }
      const ran = await host.exec([`${bin}/${type}`], { env, input: 'no JSON' })
      t.match(ran, { code: 0, stderr: '' })
      t.same(JSON.parse(ran.stdout), { cniVersion: '1.1.0', supportedVersions: versions }, `${type} tells its versions`)
    }
  }),
)
