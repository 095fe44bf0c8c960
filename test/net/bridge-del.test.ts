import t from 'tap'
import { type Answer, bridgeConf, type CallOptions, call, hostLocal, must } from '../support/call.ts'
import { type Host, type Sandbox, withHost } from '../support/host.ts'
import { trace } from '../support/trace.ts'

const conf = bridgeConf({ macspoofchk: true, ipam: hostLocal('10.88.0.0/16', 'fd00:88::/64') })

interface Row {
  readonly change?: Readonly<Record<string, unknown>>
  readonly options?: CallOptions
}

const full = {
  cniVersion: '1.1.0',
  interfaces: [{ name: 'eth0', sandbox: '/run/netns/a' }],
  ips: [{ address: '10.8' }],
}

/** What differs between ADD and DEL, beside what the contract has for all plugins. */
const rows: Readonly<Record<string, Row>> = {
  'a prevResult of another version': { change: { prevResult: { ...full, cniVersion: '0.4.0' } } },
  'a prevResult of an unknown version': { change: { prevResult: { cniVersion: '9.9.9' } } },
  'another bridge in the conf': { change: { bridge: 'cni9' } },
  'masquerade and the spoof check switched off': { change: { ipMasq: false, macspoofchk: false } },
  'another range in the conf': { change: { ipam: hostLocal('10.77.0.0/16') } },
  'a range that is broken by now': { change: { ipam: { type: 'host-local', subnet: '10.88.0.1/16' } } },
  'keys that no ADD would take': { change: { mtu: -3, vlan: 4095, hairpinMode: true, promiscMode: true } },
  'unknown CNI_ARGS': { options: { args: 'COLOUR=blue' } },
  'a PATH without sbin': { options: { env: { PATH: '/usr/bin:/bin' } } },
}

/** ADD, what happens then, and DEL twice. */
async function addAndDel(
  host: Host,
  netns: Sandbox,
  { change, options }: Row,
  meanwhile?: string,
): Promise<readonly Answer[]> {
  await must(host, 'ADD', conf, { netns })
  if (meanwhile) await host.sh(meanwhile)
  const del = () => call(host, 'DEL', { ...conf, ...change }, { netns, ...options })
  return [await del(), await del()]
}

t.test('DEL frees everything with', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    await addAndDel(host, a, {})
    const before = await trace(host)
    for (const [name, row] of Object.entries(rows)) {
      await t.test(name, async t => {
        const [first, second] = await addAndDel(host, a, row)
        t.match(first, { code: 0, stdout: '', stderr: '' }, 'it succeeds in silence')
        t.match(second, { code: 0, stdout: '', stderr: '' }, 'it succeeds again')
        t.strictSame(await trace(host), before, 'the host is as it was before ADD')
        const links = (await a.ip('link')).map(({ ifname }) => ifname)
        t.strictSame(links, ['lo'], 'the sandbox is empty')
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
      const answers = await addAndDel(host, await host.sandbox('a'), {}, script)
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

t.test('DEL of one interface leaves the other of the same container alone', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    await must(host, 'ADD', conf, { netns: a })
    const before = await trace(host)
    const { ips } = await must(
      host,
      'ADD',
      bridgeConf({ ...conf, name: 'net2', bridge: 'cni1', ipam: hostLocal('10.99.0.0/24') }),
      {
        netns: a,
        ifName: 'eth1',
      },
    )
    await must(host, 'DEL', { ...conf, name: 'net2' }, { netns: a, ifName: 'eth1' })
    const { files } = await trace(host)
    t.equal(ips[0].address, '10.99.0.2/24')
    t.strictSame(
      before.files.filter(line => !files.includes(line)),
      [],
      'every file of the first is there',
    )
    t.equal((await a.exec(['ping', '-c1', '-W2', '10.88.0.1'])).code, 0, 'the first still works')
  }),
)

t.test('DEL without a record removes the interface and the lease of an attachment', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    await must(host, 'ADD', conf, { netns: a })
    await host.sh('rm -r /var/lib/cni/fairlead')
    t.equal((await call(host, 'DEL', conf, { netns: a })).code, 0)
    t.strictSame(
      (await a.ip('link')).map(({ ifname }) => ifname),
      ['lo'],
    )
    t.notMatch(Object.keys(await host.files()).join('\n'), /networks\/net1\/(10|fd)/)
  }),
)
