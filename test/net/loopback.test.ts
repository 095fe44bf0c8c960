import t from 'tap'
import { type Conf, call, must } from '../support/call.ts'
import { type Host, type Sandbox, withHost } from '../support/host.ts'

const conf: Conf = { cniVersion: '1.1.0', name: 'lo-net', type: 'loopback' }
const isUp = async (at: Host | Sandbox): Promise<boolean> => (await at.ip('link', 'show', 'lo'))[0].flags.includes('UP')

/** A sandbox whose lo is down, as a runtime makes it. */
async function fresh(host: Host, name: string): Promise<Sandbox> {
  const sandbox = await host.sandbox(name)
  await host.sh(`ip -n ${name} link set lo down`)
  return sandbox
}

t.test('ADD brings lo up, whatever CNI_IFNAME says, and DEL takes it down', t =>
  withHost(t, async host => {
    for (const ifName of ['lo', 'eth7']) {
      const a = await fresh(host, ifName)
      const result = await must(host, 'ADD', conf, { netns: a, ifName })
      t.ok(await isUp(a))
      t.strictSame(result, {
        cniVersion: '1.1.0',
        interfaces: [{ name: 'lo', mac: '00:00:00:00:00:00', sandbox: a.path }],
        ips: [
          { address: '127.0.0.1/8', interface: 0 },
          { address: '::1/128', interface: 0 },
        ],
      })
      await must(host, 'CHECK', { ...conf, prevResult: result }, { netns: a, ifName })
      await must(host, 'DEL', conf, { netns: a, ifName })
      t.notOk(await isUp(a))
      t.ok(await isUp(host), 'the host keeps its own')
    }
    t.strictSame(await host.files(), {}, 'it keeps no state')
  }),
)

t.test('The result has the shape of the version asked for', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    const address = { address: '127.0.0.1/8', interface: 0 }
    const shapes = {
      '0.1.0': { ip4: { ip: '127.0.0.1/8' }, ip6: { ip: '::1/128' }, dns: {} },
      '0.2.0': { ip4: { ip: '127.0.0.1/8' }, ip6: { ip: '::1/128' }, dns: {} },
      '0.3.0': { ips: [{ ...address, version: '4' }, { version: '6' }], dns: {} },
      '0.3.1': { ips: [{ ...address, version: '4' }, { version: '6' }], dns: {} },
      '0.4.0': { ips: [{ ...address, version: '4' }, { version: '6' }], dns: {} },
      '1.0.0': { ips: [{ ...address, version: undefined }, {}], dns: undefined },
      '1.1.0': { ips: [{ ...address, version: undefined }, {}], dns: undefined },
    }
    for (const [cniVersion, shape] of Object.entries(shapes)) {
      const result = await must(host, 'ADD', { ...conf, cniVersion }, { netns: a })
      t.match(result, { ...shape, cniVersion }, cniVersion)
      t.equal('ips' in result, 'ips' in shape)
    }
  }),
)

t.test('ADD in a chain answers what came before', t =>
  withHost(t, async host => {
    const a = await fresh(host, 'a')
    const prevResult = {
      cniVersion: '1.1.0',
      interfaces: [{ name: 'eth0', sandbox: a.path }],
      ips: [{ address: '10.1.2.3/24', interface: 0 }],
    }
    t.strictSame(await must(host, 'ADD', { ...conf, prevResult }, { netns: a }), prevResult)
    t.ok(await isUp(a))
  }),
)

t.test('CHECK fails while lo is down', t =>
  withHost(t, async host => {
    const a = await fresh(host, 'a')
    t.match(await call(host, 'CHECK', { ...conf, prevResult: {} }, { netns: a }), {
      code: 1,
      error: { msg: /lo.*down/ },
    })
  }),
)

t.test('ADD refuses an lo with an address that is no loopback address', t =>
  withHost(t, async host => {
    const a = await fresh(host, 'a')
    await host.sh('ip -n a address add 10.9.9.9/32 dev lo')
    t.match(await call(host, 'ADD', conf, { netns: a }), { code: 1, error: { msg: /10\.9\.9\.9/ } })
    await host.sh('ip -n a address del 10.9.9.9/32 dev lo; ip -n a address add 127.5.5.5/8 dev lo')
    t.equal((await call(host, 'ADD', conf, { netns: a })).code, 0, 'another loopback address may be there')
  }),
)

t.test('DEL succeeds without a sandbox, and leaves the host’s lo alone', t =>
  withHost(t, async host => {
    await host.sh('echo text >/run/file; ln -s loop /run/loop')
    for (const netns of ['', '/run/netns/gone', '/run/file', '/run', '/run/file/x', '/run/loop', '/proc/self/ns/uts']) {
      t.match(await call(host, 'DEL', conf, { netns }), { code: 0, stdout: '', stderr: '' }, JSON.stringify(netns))
    }
    t.match(await call(host, 'DEL', { ...conf, cniVersion: '0.3.1', name: 'cni-loopback' }, { ifName: 'lo' }), {
      code: 0,
    })
    t.ok(await isUp(host))
  }),
)

t.test('ADD and DEL on the host’s own namespace are error 8, and leave its lo up', t =>
  withHost(t, async host => {
    const netns = '/proc/self/ns/net'
    for (const operation of ['ADD', 'DEL']) {
      t.match(await call(host, operation, conf, { netns }), { code: 1, error: { code: 8, details: netns } }, operation)
      t.ok(await isUp(host))
    }
  }),
)

t.test('ADD refuses a sandbox that is none', t =>
  withHost(t, async host => {
    await host.sh('echo text >/run/file')
    for (const netns of ['/run/netns/gone', '/run/file', '/proc/self/ns/uts', 'relative', "/run/netns/a'b"]) {
      t.match(await call(host, 'ADD', conf, { netns }), { code: 1, error: { code: 4 } }, netns)
    }
  }),
)

t.test('GC and STATUS succeed in silence', t =>
  withHost(t, async host => {
    for (const operation of ['GC', 'STATUS']) {
      t.match(await call(host, operation, { ...conf, 'cni.dev/valid-attachments': [] }), {
        code: 0,
        stdout: '',
        stderr: '',
      })
    }
    t.ok(await isUp(host))
  }),
)
