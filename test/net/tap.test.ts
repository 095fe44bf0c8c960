import { spawn } from 'node:child_process'
import t from 'tap'
import { type Conf, call, hostLocal, must } from '../support/call.ts'
import { type Host, type Sandbox, withHost } from '../support/host.ts'
import { until } from '../support/until.ts'

const conf = (change: object = {}): Conf => ({ cniVersion: '1.1.0', name: 'net1', type: 'tap', ...change })
const linkOf = async (sandbox: Sandbox) => (await sandbox.ip('address', 'show', 'dev', 'eth0'))[0]

const options: Readonly<Record<string, readonly [change: object, seen: object]>> = {
  nothing: [{}, { mtu: 1500, linkinfo: { info_data: { multi_queue: false } } }],
  'owner, group, MAC, MTU and queues at once': [
    { owner: 0, group: 0, mac: '02:00:00:00:00:07', mtu: 9000, multiQueue: true },
    {
      address: '02:00:00:00:00:07',
      mtu: 9000,
      linkinfo: { info_data: { user: 'root', group: 'root', multi_queue: true } },
    },
  ],
  'an owner that has no name': [{ owner: 4_000_000_000 }, { linkinfo: { info_data: { user: 4_000_000_000 } } }],
  'a group alone': [{ group: 0 }, { linkinfo: { info_data: { group: 'root', user: undefined } } }],
  'the MAC that the runtime asks for': [
    { mac: '02:00:00:00:00:07', runtimeConfig: { mac: '02:00:00:00:00:08' } },
    { address: '02:00:00:00:00:08' },
  ],
}

const always = {
  flags: ['NO-CARRIER', 'BROADCAST', 'MULTICAST', 'UP'],
  linkinfo: { info_kind: 'tun', info_data: { type: 'tap', pi: false, vnet_hdr: false, persist: true } },
}

for (const [name, [change, seen]] of Object.entries(options)) {
  t.test(`a tap has what the configuration says: ${name}`, t =>
    withHost(t, async host => {
      const netns = await host.sandbox('a')
      const prevResult = await must(host, 'ADD', conf(change), { netns })
      const link = await linkOf(netns)
      t.match(link, always)
      t.match(link, seen)
      const { address, mtu } = link
      t.same(prevResult.interfaces, [{ name: 'eth0', mac: address, mtu, sandbox: netns.path }])
      t.match(await call(host, 'CHECK', { ...conf(change), prevResult }, { netns }), { code: 0 })
      await must(host, 'DEL', conf(change), { netns })
      t.same(
        (await netns.ip('link')).map(({ ifname }) => ifname),
        ['lo'],
      )
    }),
  )
}

t.test('a program that opens the tap gets what is sent to it', t =>
  withHost(t, async host => {
    const netns = await host.sandbox('a')
    const ipam = hostLocal('10.88.0.0/24', 'fd00:88::/64')
    const { ips } = await must(host, 'ADD', conf({ ipam }), { netns })
    t.match(ips, [
      { address: '10.88.0.2/24', interface: 0 },
      { address: 'fd00:88::2/64', interface: 0 },
    ])
    const inside = ['-t', String(host.pid), '-m', '-n', '--', 'ip', 'netns', 'exec', 'a']
    const program = spawn('nsenter', [...inside, 'socat', '-u', 'TUN,tun-name=eth0,tun-type=tap,iff-no-pi', 'STDOUT'])
    t.teardown(() => program.kill('SIGKILL'))
    let frames = ''
    program.stdout.on('data', (data: Buffer) => {
      frames += data.toString('hex')
    })
    t.ok(await until(async () => (await linkOf(netns)).flags.includes('LOWER_UP') || undefined), 'it has a carrier')
    await netns.exec(['ping', '-c1', '-W1', '10.88.0.1'])
    // Of Ethernet and IPv4, a request, for the gateway (RFC 826).
    t.match(frames, /08060001080006040001[0-9a-f]{12}0a5800020{12}0a580001/)
  }),
)

t.test('a tap joins a bridge of the sandbox, and nothing else', t =>
  withHost(t, async host => {
    const netns = await host.sandbox('a')
    await host.sh(
      'ip -n a link add br0 type bridge; ip -n a link set br0 up; ip -n a link add d0 type veth peer name d1',
    )
    const prevResult = await must(host, 'ADD', conf({ bridge: 'br0' }), { netns })
    t.match(await linkOf(netns), { master: 'br0' })
    await host.sh('ip -n a link set eth0 nomaster')
    const check = await call(host, 'CHECK', { ...conf({ bridge: 'br0' }), prevResult }, { netns })
    t.match(check, { code: 1, error: { msg: /eth0.*port of br0/ } })
    await must(host, 'DEL', conf({ bridge: 'br0' }), { netns })
    for (const bridge of ['br9', 'd0']) {
      const answer = await call(host, 'ADD', conf({ bridge }), { netns })
      t.match(answer, { code: 1, error: { code: 7, msg: new RegExp(`${bridge}.*no bridge`) } })
    }
    t.notOk(await linkOf(netns), 'nothing is left')
  }),
)

t.test('a tap that is there already is left to whoever has it', t =>
  withHost(t, async host => {
    const netns = await host.sandbox('a')
    await host.sh('ip -n a tuntap add name eth0 mode tap')
    const answer = await call(host, 'ADD', conf({ ipam: hostLocal('10.88.0.0/24') }), { netns })
    t.match(answer, { code: 1, error: { code: 4, msg: /eth0/ } })
    t.match(await linkOf(netns), { addr_info: [], flags: ['BROADCAST', 'MULTICAST'] })
    t.same(
      (await netns.ip('link')).map(({ ifname }) => ifname),
      ['lo', 'eth0'],
      'no other tap was made',
    )
  }),
)

const context = 'system_u:system_r:container_t:s0:c1,c2'

/** A kernel that has SELinux, as far as anybody looks, and a runcon that notes what it is told. */
const pretendSelinux = (host: Host) =>
  host.sh(`mount -t tmpfs none /sys/fs && mkdir /sys/fs/selinux && echo 1 >/sys/fs/selinux/enforce
mkdir /run/bin
printf '#!/bin/sh\\necho "$@" >>/run/told\\nshift\\nexec "$@"\\n' >/run/bin/runcon && chmod +x /run/bin/runcon`)

t.test('a tap is made in the SELinux context that is wanted, where there is SELinux', t =>
  withHost(t, async host => {
    const netns = await host.sandbox('a')
    const labelled = conf({ selinuxContext: context, mtu: 1400, owner: 0, group: 0 })
    const refused = await call(host, 'ADD', labelled, { netns })
    t.match(refused, { code: 1, error: { code: 2, msg: /selinuxContext.*SELinux is off/ } })
    t.notOk(await linkOf(netns), 'nothing is made without')
    await pretendSelinux(host)
    const env = { PATH: `/run/bin:${process.env.PATH}` }
    await must(host, 'ADD', labelled, { netns, env })
    t.match(await host.sh('cat /run/told'), new RegExp(`^${context} ip -n \\S+ tuntap add name eth0 mode tap`))
    t.match(await linkOf(netns), { mtu: 1400, linkinfo: { info_data: { user: 'root', group: 'root' } } })
    await must(host, 'DEL', labelled, { netns, env })
    await host.sh("printf '#!/bin/sh\\necho invalid context >&2; exit 1\\n' >/run/bin/runcon")
    const failed = await call(host, 'ADD', labelled, { netns, env })
    t.match(failed, { code: 1, error: { msg: /tuntap add.*invalid context/ } })
  }),
)
