import { spawn } from 'node:child_process'
import { once } from 'node:events'
import t, { type Test } from 'tap'
import { bridgeConf, call, hostLocal, must } from '../support/call.ts'
import { type Host, withHost } from '../support/host.ts'

const settings = {
  ip_forward: 'net/ipv4/ip_forward',
  forwarding: 'net/ipv6/conf/all/forwarding',
}

/** As a rootless runtime has it: namespaces of a user who is root only there, and /proc/sys mounted read-only. */
const prepare = (before: string) => `
mount -t tmpfs none /run && mkdir -p /run/netns /run/lock
mount -t tmpfs none /var/lib/cni
ip link set lo up
for name in a b; do
  ip netns add $name && ip -n $name link set lo up
  ip netns exec $name sh -c 'echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad'
done
${before}
mount --bind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys
echo ready; exec sleep 600`

/** A host inside the test's own, in a user namespace below it. */
async function rootless(t: Test, host: Host, before: string): Promise<Host> {
  const inside = ['-t', String(host.pid), '-m', '-n', '--', 'unshare', '-Urnm', 'sh', '-ec', prepare(before)]
  const holder = spawn('nsenter', inside, { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => void holder.kill('SIGKILL'))
  const [first] = await Promise.race([once(holder.stdout, 'data'), once(holder, 'exit')])
  if (!String(first).includes('ready')) throw new Error(`no user namespace: ${first}`)
  const enter = ['nsenter', '-t', String(holder.pid), '-U', '--preserve-credentials', '-m', '-n', '--']
  return { ...host, exec: (argv, options) => host.exec([...enter, ...argv], options) }
}

const write = (...names: readonly (keyof typeof settings)[]) =>
  names.map(name => `echo 1 >/proc/sys/${settings[name]}`).join('\n')
const pings = async (host: Host, address: string) =>
  (await host.exec(['ip', 'netns', 'exec', 'a', 'ping', '-c1', '-W2', address])).code === 0

const cases = {
  'IPv4 alone': { conf: bridgeConf(), before: write('ip_forward'), targets: ['10.88.0.1', '10.88.0.3'] },
  'dual stack, the sysctls right': {
    conf: bridgeConf({ macspoofchk: true, ipam: hostLocal('10.88.0.0/16', 'fd00:88::/64') }),
    before: write('ip_forward', 'forwarding'),
    targets: ['10.88.0.1', '10.88.0.3', 'fd00:88::1', 'fd00:88::3'],
  },
  'no gateway, no sysctl needed': {
    conf: bridgeConf({ isGateway: false, ipMasq: false, ipam: { type: 'host-local', subnet: '10.88.0.0/16' } }),
    before: 'echo 0 >/proc/sys/net/ipv4/ip_forward',
    targets: ['10.88.0.3'],
  },
}

for (const [name, { conf, before, targets }] of Object.entries(cases)) {
  t.test(`A user’s own namespaces with a read-only /proc/sys serve ${name}`, t =>
    withHost(t, async outer => {
      const host = await rootless(t, outer, before)
      const [a, b] = ['a', 'b'].map(each => ({ netns: `/run/netns/${each}`, containerId: each }))
      const prevResult = await must(host, 'ADD', conf, a)
      await must(host, 'ADD', conf, b)
      for (const target of targets) t.ok(await pings(host, target), target)
      await must(host, 'CHECK', { ...conf, prevResult }, a)
      await must(host, 'STATUS', conf)
      for (const each of [a, b]) await must(host, 'DEL', conf, each)
      await must(host, 'GC', { ...conf, 'cni.dev/valid-attachments': [] })
      const left = await host.exec([
        'sh',
        '-c',
        'ip -o link; ip -n a -o link; find /var/lib/cni -type f; nft list ruleset',
      ])
      t.notMatch(left.stdout, /veth|eth0|attachments|net1\/10|10\.88\.0\.[23]/, 'nothing is left')
    }),
  )
}

t.test('A sysctl that is wrong and cannot be written is named, and nothing is left', t =>
  withHost(t, async outer => {
    const host = await rootless(t, outer, 'echo 0 >/proc/sys/net/ipv4/ip_forward')
    const { code, error } = await call(host, 'ADD', bridgeConf(), { netns: '/run/netns/a' })
    t.equal(code, 1)
    t.match(error?.msg, /net\.ipv4\.ip_forward.*read-only/i)
    const left = await host.exec(['sh', '-c', 'ip -o link; find /var/lib/cni -type f'])
    t.notMatch(left.stdout, /veth|attachments|net1\/10/)
  }),
)
