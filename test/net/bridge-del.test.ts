import t from 'tap'
import { type Answer, bridgeConf, type CallOptions, type Conf, call, hostLocal, must } from '../support/call.ts'
import { type Host, type Sandbox, withHost } from '../support/host.ts'
import { trace } from '../support/trace.ts'

const conf = bridgeConf({ macspoofchk: true, ipam: hostLocal('10.88.0.0/16', 'fd00:88::/64') })

interface Case {
  /** What happens between ADD and DEL. */
  readonly meanwhile?: (host: Host, sandbox: Sandbox) => Promise<unknown>
  readonly change?: Readonly<Record<string, unknown>>
  readonly options?: CallOptions
  /** The sandbox survives: its interface must be gone too. */
  readonly alive?: true
}

const vanish = (host: Host) => host.sh('ip netns del a')
const full = {
  cniVersion: '1.1.0',
  interfaces: [{ name: 'eth0', sandbox: '/run/netns/a' }],
  ips: [{ address: '10.8' }],
}

const cases: Readonly<Record<string, Case>> = {
  'a living sandbox': { alive: true },
  'a network namespace that is gone': { meanwhile: vanish },
  'an empty CNI_NETNS, the sandbox alive': { options: { netns: '', containerId: 'a' }, alive: true },
  'an empty CNI_NETNS, the sandbox gone': { meanwhile: vanish, options: { netns: '', containerId: 'a' } },
  'a path that is a plain file': { meanwhile: host => host.sh('ip netns del a; : >/run/netns/a') },
  'a path that is a directory': { options: { netns: '/run', containerId: 'a' }, alive: true },
  'a path that leads through a file': { options: { netns: '/etc/passwd/x', containerId: 'a' }, alive: true },
  'a prevResult of null': { change: { prevResult: null }, alive: true },
  'a truncated prevResult': { change: { prevResult: { interfaces: [{}], ips: [{}] } }, alive: true },
  'a prevResult that is no object': { change: { prevResult: 'x' }, alive: true },
  'a prevResult with a broken address': { change: { prevResult: full }, alive: true },
  'a prevResult of another version': { change: { prevResult: { ...full, cniVersion: '0.4.0' } }, alive: true },
  'a prevResult of an unknown version': { change: { prevResult: { cniVersion: '9.9.9' } }, alive: true },
  'another network name': { change: { name: 'renamed' }, alive: true },
  'another network name, the sandbox gone': { meanwhile: vanish, change: { name: 'renamed' } },
  'another bridge in the conf': { change: { bridge: 'cni9' }, alive: true },
  'masquerade and the spoof check switched off': { change: { ipMasq: false, macspoofchk: false }, alive: true },
  'another range in the conf': { change: { ipam: hostLocal('10.77.0.0/16') }, alive: true },
  'a range that is broken by now': { change: { ipam: { type: 'host-local', subnet: '10.88.0.1/16' } }, alive: true },
  'no IPAM in the conf any more': { change: { ipam: {} }, alive: true },
  'keys that no ADD would take': { change: { mtu: -3, vlan: 7, hairpinMode: true, promiscMode: true }, alive: true },
  'unknown CNI_ARGS': { options: { args: 'COLOUR=blue' }, alive: true },
  'broken CNI_ARGS': { options: { args: ';;=' }, alive: true },
  'a PATH without sbin': { options: { env: { PATH: '/usr/bin:/bin' } }, alive: true },
  'the link gone already': { meanwhile: host => host.sh('ip -n a link del eth0'), alive: true },
  'the lease gone already': { meanwhile: host => host.sh('rm /var/lib/cni/networks/net1/10.88.*'), alive: true },
}

async function addAndDel(
  host: Host,
  sandbox: Sandbox,
  { meanwhile, change, options }: Case,
): Promise<readonly Answer[]> {
  await must(host, 'ADD', conf, { netns: sandbox })
  await meanwhile?.(host, sandbox)
  const request: Conf = { ...conf, ...change }
  const del = () => call(host, 'DEL', request, { netns: sandbox, ...options })
  return [await del(), await del()]
}

t.test('DEL frees everything with', t =>
  withHost(t, async host => {
    await addAndDel(host, await host.sandbox('a'), {})
    await host.sh('ip netns del a')
    const before = await trace(host)
    for (const [name, each] of Object.entries(cases)) {
      await t.test(name, async t => {
        const a = await host.sandbox('a')
        const [first, second] = await addAndDel(host, a, each)
        t.match(first, { code: 0, stdout: '', stderr: '' }, 'it succeeds in silence')
        t.match(second, { code: 0, stdout: '', stderr: '' }, 'it succeeds again')
        if (!each.alive) await host.sh('rm -f /run/netns/a')
        t.strictSame(await trace(host), before, 'the host is as it was before ADD')
        if (each.alive)
          t.strictSame(
            (await a.ip('link')).map(({ ifname }) => ifname),
            ['lo'],
            'the sandbox is empty',
          )
        await host.sh('test ! -e /run/netns/a || ip netns del a')
      })
    }
  }),
)

const losses: Readonly<Record<string, string>> = {
  'the bridge': 'ip link del cni0',
  'the nftables tables': 'nft flush ruleset',
  'the rules of the nftables tables': 'nft flush table inet fairlead; nft flush table bridge fairlead',
}

for (const [name, script] of Object.entries(losses)) {
  t.test(`DEL frees what is left without ${name}`, t =>
    withHost(t, async host => {
      const answers = await addAndDel(host, await host.sandbox('a'), { meanwhile: () => host.sh(script) })
      t.strictSame(
        answers.map(({ code, stdout }) => [code, stdout]),
        [
          [0, ''],
          [0, ''],
        ],
      )
      const { links, rules, files } = await trace(host)
      t.notMatch(links.join('\n'), /veth/, 'no link is left')
      t.notMatch(rules.join('\n'), /10\.88\.0\.2/, 'no address is left in the rules')
      t.notMatch(files.join('\n'), /attachments|networks\/net1\/(10|fd)/, 'no record and no lease is left')
    }),
  )
}
