import t, { type Test } from 'tap'
import { bridgeConf, must } from '../support/call.ts'
import { bin, fairlead, type Host, withHost } from '../support/host.ts'
import { mapping, publish } from '../support/publish.ts'
import { lacks } from '../support/xtables.ts'

const doctor = (host: Host, ...words: readonly string[]) =>
  host.exec([fairlead, 'doctor', '--conf-dir', '/run/net.d', '--cni-bin-dir', bin, ...words])

const about = async (host: Host, area: string): Promise<string> =>
  (await doctor(host)).stdout
    .split('\n')
    .filter(line => line.includes(` ${area}: `))
    .join('\n')

const write = (host: Host, path: string, value: object) =>
  host.exec(['sh', '-c', `mkdir -p "$(dirname ${path})"; cat > ${path}`], { input: JSON.stringify(value) })

async function isWell(t: Test, host: Host): Promise<void> {
  const { code, stdout } = await doctor(host)
  t.equal(code, 0, stdout)
  t.match(stdout, /^ok +leftovers: .* of \d+ attachments belong together$/m)
}

const network = (host: Host, name: string, file = name) =>
  write(host, `/run/net.d/${file}.conflist`, { cniVersion: '1.1.0', name, plugins: [{ type: 'bridge', ipam: {} }] })

t.test('a host in order is found so', t =>
  withHost(t, async host => {
    await write(host, '/run/net.d/10-a.conflist', { cniVersion: '1.1.0', name: 'a', plugins: [{ type: 'loopback' }] })
    const { v4 } = await publish(host, { way: 'chained' }, await host.sandbox('a'), [mapping(8080, 80)])
    t.ok(v4)
    await isWell(t, host)
    const { stdout } = await doctor(host)
    t.match(stdout, /^ok +kernel: bridges$/m)
    t.match(stdout, /^ok +programs: nft \d/m)
    t.match(stdout, /containerd and CRI-O use 10-a\.conflist \(network a\)/)
    const found = JSON.parse((await doctor(host, '--json')).stdout)
    t.ok(found.length > 20)
    t.match(found[0], { severity: 'ok', area: 'programs', text: /^ip / })
  }),
)

t.test('what is left of containers that are gone is found, and taken away', t =>
  withHost(t, async host => {
    await network(host, 'unused')
    await write(host, '/run/net.d/unused.conflist', { cniVersion: '1.1.0', name: 'u', plugins: [{ type: 'loopback' }] })
    const [a, b, c] = [await host.sandbox('a'), await host.sandbox('b'), await host.sandbox('c')]
    await publish(host, { way: 'single' }, a, [mapping(8080, 80)])
    await must(host, 'ADD', bridgeConf({ name: 'net2', bridge: 'cni2', macspoofchk: true, ipam: undefined }), {
      netns: b,
    })
    await publish(host, { way: 'single', network: 'net3' }, c, [mapping(9090, 80)])
    const living = await host.sh('nft list map inet fairlead port4')
    // The records of two are lost; of the third, the sandbox.
    await host.sh(`cd /var/lib/cni/fairlead/attachments; grep -lE '"containerId":"(a|b)"' * | xargs rm`)
    await c.remove()
    const found = await about(host, 'leftovers')
    t.match(found, /warning leftovers: link veth[\da-f]+ is of an attachment of which there is no record/)
    t.match(found, /firewall entry tcp \. 8080 of port4 is of net1 eth0 a, of which there is no record/)
    t.match(found, /10\.88\.0\.2 of network net1 is leased to a, of which nothing is kept\. If .*: rm \/var\/lib/)
    t.match(found, /the sandbox of c eth0 \(network net3, bridge\) is gone/)
    t.equal(await host.sh('nft list map inet fairlead port4'), living, 'nothing is touched by looking')
    const fixed = await doctor(host, '--fix')
    t.match(fixed.stderr, 'put right: firewall entry tcp . 8080 of port4')
    t.match(fixed.stdout, /10\.88\.0\.2 of network net1 is leased/, 'a lease may be somebody else’s')
    t.notMatch(fixed.stdout, /no record|is gone/)
    t.notMatch(await host.ruleset(), /8080|9090|veth/)
    t.notMatch(await host.sh('ip -o link show type veth'), /veth[\da-f]{11}/)
  }),
)

t.test('what a living container has lost is found, and made again', t =>
  withHost(t, async host => {
    await write(host, '/run/net.d/10-a.conflist', { cniVersion: '1.1.0', name: 'a', plugins: [{ type: 'loopback' }] })
    await publish(host, { way: 'single' }, await host.sandbox('a'), [mapping(8080, 80)])
    await host.sh('nft flush ruleset')
    const { code, stdout } = await doctor(host)
    t.equal(code, 1)
    t.match(stdout, /error +leftovers: a eth0 \(network net1, bridge\) lacks \d+ of what it was given on the host/)
    t.match((await doctor(host, '--fix')).stderr, 'put right: a eth0')
    await isWell(t, host)
    t.match(await host.ruleset(), '8080')
  }),
)

t.test('of attachments of one container that publish the same ports, none lacks them', t =>
  withHost(t, async host => {
    await write(host, '/run/net.d/10-a.conflist', { cniVersion: '1.1.0', name: 'a', plugins: [{ type: 'loopback' }] })
    const a = await host.sandbox('a')
    for (const [network, ifName] of [
      ['net1', 'eth0'],
      ['net2', 'eth1'],
    ] as const)
      await publish(host, { way: 'single', network }, a, [mapping(8080, 80)], ifName)
    await isWell(t, host)
  }),
)

t.test('who drops forwarded packets is named', t =>
  withHost(t, async host => {
    t.match(await about(host, 'firewalls'), 'nobody else drops')
    await host.sh(`nft 'add table inet strict; add chain inet strict mine { type filter hook forward priority 0; policy drop; }'
iptables -P FORWARD DROP`)
    const found = await about(host, 'firewalls')
    t.match(
      found,
      /warning firewalls: chain mine of table inet strict drops what is forwarded\. No plugin changes that chain: accept/,
    )
    t.match(found, /chain FORWARD of iptables drops what is forwarded\. Put the plugin "firewall"/)
    t.notMatch(found, 'ip6tables')
    await host.sh('ip6tables -A FORWARD -j REJECT')
    t.match(await about(host, 'firewalls'), /chain FORWARD of ip6tables drops/, 'by a rule as by the policy')
  }),
)

t.test(
  'tables of legacy iptables are told of, where a program shows them and where none does',
  {
    skip: lacks('legacy'),
  },
  t =>
    withHost(t, async host => {
      await host.sh('iptables-legacy -P FORWARD DROP')
      t.match(
        await about(host, 'firewalls'),
        /chain FORWARD of iptables-legacy drops what is forwarded\. Put the plugin/,
      )
      await host.sh('mount --bind /dev/null "$(readlink -f /usr/sbin/iptables-legacy)"')
      t.match(
        await about(host, 'firewalls'),
        /no program shows what iptables-legacy has here\. Install iptables-legacy/,
      )
    }),
)

t.test('networks are looked at as runtimes see them', t =>
  withHost(t, async host => {
    t.match(await about(host, 'networks'), '/run/net.d has no network')
    await network(host, 'one', '20-b')
    await network(host, 'one', '30-c')
    await write(host, '/run/net.d/10-a.conflist', {
      name: 'x',
      plugins: [{ type: 'bridge', mtu: 'y' }, { type: 'of-others' }],
    })
    const found = await about(host, 'networks')
    t.match(found, 'use 10-a.conflist (network x)')
    t.match(found, /error +networks: \/run\/net\.d\/10-a\.conflist: plugins\[0\]\.mtu must be of type integer/)
    t.match(found, '30-c.conflist has the same network name as /run/net.d/20-b.conflist: one')
    t.match(found, /10-a\.conflist needs the plugin of-others, which is not in .*Install it, or take it out/)
  }),
)
