import t, { type Test } from 'tap'
import { call, must } from '../support/call.ts'
import { type Dhcp, dhcpConf, leaseFiles, startDaemon, withDhcp } from '../support/dhcp.ts'
import { bin, fairlead, type Sandbox } from '../support/host.ts'
import { until } from '../support/until.ts'

const conf = dhcpConf()

/** Addresses of containers that were just attached, by their names. */
async function attach({ host }: Dhcp, names: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const pairs = names.map(async name => {
    const { ips } = await must(host, 'ADD', conf, { netns: await host.sandbox(name) })
    return [name, ips[0].address as string] as const
  })
  return Object.fromEntries(await Promise.all(pairs))
}

/** Not what an ADD talked with, which may be just about to end. */
const clientOf = async ({ host }: Dhcp, name: string): Promise<string> =>
  (
    await host.sh(`for pid in $(ip netns pids ${name}); do grep -sqx udhcpc /proc/$pid/comm && echo $pid; done; true`)
  ).trim()

/** The containers have these addresses, in the sandbox and in CHECK's eyes, and a server that knows them. */
async function keeps(t: Test, dhcp: Dhcp, had: Readonly<Record<string, string>>): Promise<void> {
  const { host, server } = dhcp
  for (const [name, address] of Object.entries(had)) {
    const netns = { name, path: `/run/netns/${name}` } as Sandbox
    const { stdout } = await host.exec(['ip', '-n', name, '-4', 'address', 'show', 'dev', 'eth0'])
    t.match(stdout, `inet ${address} `, `${name} has ${address}`)
    t.match(await server.leases(), ` ${address.split('/')[0]} `, 'the server has it so')
    t.same(await call(host, 'CHECK', { ...conf, type: 'dhcp' }, { netns }), { code: 0, stdout: '', stderr: '' })
    const again = await until(async () => ((await clientOf(dhcp, name)) === '' ? undefined : true), 8_000)
    t.ok(again, 'a client looks after it')
  }
}

for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
  t.test(`Leases and clients survive a daemon that ends by ${signal}`, t =>
    withDhcp(t, async dhcp => {
      const { host, daemon, server } = dhcp
      const had = await attach(dhcp, ['a', 'b'])
      const clients = await Promise.all(['a', 'b'].map(name => clientOf(dhcp, name)))
      await daemon.stop(signal)
      t.equal((await host.exec(['test', '-e', '/run/cni/dhcp.sock'])).code === 0, signal === 'SIGKILL', 'the socket')
      await startDaemon(t, host)
      t.same(await Promise.all(['a', 'b'].map(name => clientOf(dhcp, name))), clients, 'the same processes go on')
      await keeps(t, dhcp, had)
      await must(host, 'DEL', conf, { netns: '/run/netns/a', containerId: 'a' })
      t.notMatch(await server.leases(), ` ${had.a?.split('/')[0]} `)
    }),
  )
}

t.test('Clients that ended with the daemon are started again and keep the addresses', t =>
  withDhcp(t, async dhcp => {
    const { host, daemon, server } = dhcp
    const had = await attach(dhcp, ['a', 'b'])
    await daemon.stop('SIGKILL')
    await host.sh('kill -KILL $(ip netns pids a)')
    await startDaemon(t, host)
    await keeps(t, dhcp, had)
    t.equal((server.said().match(/DHCPACK/g) ?? []).length, 3, 'the one client asks again')
    t.notMatch(server.said(), /DHCPRELEASE/)
  }),
)

t.test('A client that ends is started again', t =>
  withDhcp(t, async dhcp => {
    const { host, server } = dhcp
    const had = await attach(dhcp, ['a'])
    await host.sh('kill -KILL $(ip netns pids a)')
    const asked = await until(async () => (server.said().match(/DHCPACK/g) ?? []).length === 2 || undefined, 9_000)
    t.ok(asked)
    await keeps(t, dhcp, had)
  }),
)

t.test('What happens to a lease while the daemon is down is known to the next one', t =>
  withDhcp(t, async dhcp => {
    const { host, daemon } = dhcp
    const had = await attach(dhcp, ['a'])
    const path = '/var/lib/cni/fairlead/dhcp'
    const expires = async () => JSON.parse(await host.sh(`cat ${path}/????????????????????????????????`)).lease.expires
    const before = await expires()
    await daemon.stop()
    // The client renews.
    await host.sh('kill -USR1 $(ip netns pids a)')
    t.ok(await until(async () => /"renew"/.test(await host.sh(`cat ${path}/*.news`)) || undefined))
    await startDaemon(t, host)
    t.ok((await expires()) > before)
    await keeps(t, dhcp, had)
  }),
)

t.test('Without a daemon', t =>
  withDhcp(t, async dhcp => {
    const { host, daemon, server } = dhcp
    await attach(dhcp, ['a', 'b', 'c'])
    await daemon.stop('SIGKILL')
    const d = await host.sandbox('d')
    const remedy =
      /no DHCP daemon answers at \/run\/cni\/dhcp.sock\. Start it by "systemctl start fairlead-dhcp.socket"/
    t.match(await call(host, 'ADD', conf, { netns: d }), { error: { code: 11, msg: remedy } }, 'ADD fails')
    t.match(await call(host, 'STATUS', conf), { error: { code: 50, msg: remedy } }, 'STATUS tells')
    const check = await call(host, 'CHECK', { ...conf, type: 'dhcp' }, { netns: '/run/netns/a', containerId: 'a' })
    t.match(check, { error: { code: 999, msg: remedy } }, 'CHECK fails')
    const del = { netns: '/run/netns/a', containerId: 'a' }
    t.match(await call(host, 'DEL', conf, del), { code: 0, stdout: '' }, 'DEL works')
    t.match(await call(host, 'DEL', conf, del), { code: 0, stdout: '' }, 'twice')
    t.equal(await clientOf(dhcp, 'a'), '', 'its client ends')
    t.equal((await server.leases()).trim().split('\n').length, 2, 'and says good-bye')
    const valid = [{ containerID: 'b', ifname: 'eth0' }]
    const gc = { ...conf, type: 'dhcp', 'cni.dev/valid-attachments': valid }
    t.match(await call(host, 'GC', gc, { containerId: '', ifName: '' }), { code: 0, stdout: '' }, 'GC works')
    t.equal((await server.leases()).trim().split('\n').length, 1)
    t.equal((await leaseFiles(host)).length, 2, 'one lease is left, with the last news of it')
  }),
)

t.test('STATUS is ready with a daemon, and not without a client to run', t =>
  withDhcp(t, async ({ host }) => {
    t.match(await call(host, 'STATUS', conf), { code: 0, stdout: '' })
    t.match(await call(host, 'STATUS', { ...conf, type: 'dhcp' }), { code: 0, stdout: '' })
    await host.sh('mount -t tmpfs none /sbin')
    await host.sh('mount --bind /dev/null /usr/sbin/udhcpc 2>/dev/null || true')
    const msg = /udhcpc is not installed\. Install the package udhcpc/
    t.match(await call(host, 'STATUS', conf), { error: { code: 50, msg } })
  }),
)

t.test('An ADD that is killed while it waits leaves no client and no lease', t =>
  withDhcp(t, async dhcp => {
    const { host, server } = dhcp
    await server.stop()
    await host.sandbox('a')
    const names = { CNI_CONTAINERID: 'a', CNI_NETNS: '/run/netns/a', CNI_IFNAME: 'eth0', CNI_PATH: bin }
    const env = { CNI_COMMAND: 'ADD', ...names }
    const adding = host.exec([`${bin}/bridge`], { input: JSON.stringify(conf), env, deadline: 2_000 })
    t.ok(await until(async () => (await leaseFiles(host)).length === 1 || undefined))
    await adding
    t.ok(await until(async () => (await leaseFiles(host)).length === 0 || undefined))
    await must(host, 'DEL', conf, { netns: '/run/netns/a', containerId: 'a' })
    t.equal(await clientOf(dhcp, 'a'), '')
  }),
)

t.test('The daemon ends its clients when the sandbox goes, and gives their leases back', t =>
  withDhcp(t, async dhcp => {
    const { host, server } = dhcp
    await attach(dhcp, ['a', 'b'])
    await host.sh('ip netns del a; ip -n b link del eth0; kill -KILL $(ip netns pids b)')
    t.ok(await until(async () => (await leaseFiles(host)).length === 0 || undefined, 8_000))
    t.equal((await server.leases()).trim().split('\n').length, 1, 'without its link there was no way to the server')
  }),
)

t.test('A second daemon is refused, a pidfile comes and goes, and a prefix goes before paths', t =>
  withDhcp(t, async dhcp => {
    const { host, daemon } = dhcp
    const second = await host.exec([fairlead, 'dhcp', 'daemon'])
    t.match(second, { code: 1, stderr: /another daemon does/ })
    t.match(await host.exec([fairlead, 'dhcp', 'daemon', '--pidfile', 'x']), { code: 1, stderr: /must be absolute/ })
    t.match(await host.exec([fairlead, 'dhcp', 'daemon', '--resendmax', 'soon']), { code: 1, stderr: /"soon"/ })
    await daemon.stop()
    await host.sh('mkdir -p /run/root && mount --rbind / /run/root')
    const options = ['--hostprefix', '/run/root', '--socketpath', '/run/other.sock', '--pidfile', '/run/dhcp.pid']
    const other = await startDaemon(t, host, options)
    t.equal((await host.sh('stat -c "%a %U" /run/other.sock')).trim(), '660 root')
    t.match((await host.sh('cat /run/dhcp.pid')).trim(), /^\d+$/)
    const there = dhcpConf({ daemonSocketPath: '/run/other.sock' })
    await must(host, 'ADD', there, { netns: await host.sandbox('a') })
    t.match(JSON.stringify(await host.files()), '/run/root/run/netns/a')
    await other.stop('SIGINT')
    t.not((await host.exec(['test', '-e', '/run/dhcp.pid'])).code, 0)
    t.not((await host.exec(['test', '-e', '/run/other.sock'])).code, 0)
  }),
)

t.test('systemd may hand the socket over, which then stays', t =>
  withDhcp(t, async dhcp => {
    const { host, daemon } = dhcp
    await daemon.stop()
    const { child, stop } = await startDaemon(t, host, [], ['systemd-socket-activate', '-l', '/run/cni/dhcp.sock'])
    await attach(dhcp, ['a'])
    t.equal(child.exitCode, null)
    await stop()
    t.equal((await host.exec(['test', '-S', '/run/cni/dhcp.sock'])).code, 0)
    const two = ['systemd-socket-activate', '-l', '/run/one.sock', '-l', '/run/two.sock', fairlead, 'dhcp', 'daemon']
    const asked = host.exec(['sh', '-c', `${two.join(' ')} & sleep 0.5; echo | socat - UNIX:/run/one.sock; wait`])
    t.match((await asked).stderr, /systemd hands over 2 sockets/)
  }),
)

t.test('What is no question is answered by an error', t =>
  withDhcp(t, async ({ host }) => {
    const ask = (line: string) =>
      host.exec(['socat', '-t', '2', '-', 'UNIX:/run/cni/dhcp.sock'], { input: `${line}\n` })
    const holder = { containerId: 'a', network: 'n', ifName: 'eth0' }
    for (const question of [
      'x',
      '{}',
      '{"ask":"lease"}',
      JSON.stringify({ ask: 'lease', holder, netns: '/x', wish: { provide: { 61: 'zz' }, request: [] } }),
      JSON.stringify({ ask: 'lease', holder, netns: '/x', wish: { provide: {}, request: [0] } }),
    ]) {
      t.match(JSON.parse((await ask(question)).stdout), { error: { code: 999, msg: /of another version/ } }, question)
    }
    const absent = await ask(JSON.stringify({ ask: 'lease', holder, netns: '/x', wish: { provide: {}, request: [] } }))
    t.match(JSON.parse(absent.stdout), { error: { code: 4, msg: /no network namespace/ } })
    t.match(await ask('y'.repeat(5_000_000)), { stdout: '' }, 'and what never ends is not heard')
    t.match(JSON.parse((await ask('{"ask":"status"}')).stdout), {})
  }),
)
