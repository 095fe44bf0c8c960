import t, { type Test } from 'tap'
import type { Conf } from '../support/call.ts'
import type { Host } from '../support/host.ts'
import { fairlead, withHost } from '../support/host.ts'
import { join, overlayConf, twoHosts, underlay } from '../support/overlay.ts'
import { writeConf } from '../support/overlay-etcd.ts'
import { between, clear, listen, peer, probe } from '../support/probe.ts'

/** Behind UDP, VXLAN and Ethernet: the fragment field and the protocol of the inner IPv4 header, and its checksum behind that. */
const [fragment, protocol] = ['@th,288,16 & 0x3fff == 0', '@th,312,8'] as const
const spoil = (inner: number, at: number) =>
  `${fragment} ${protocol} ${inner} @th,${at},16 set 0xdead udp checksum set 0`
const spoilUdp = spoil(17, 448)
const spoilTcp = spoil(6, 528)

const withProbe = (t: Test, conf: Conf, body: (one: Host, two: Host, outside: Host) => Promise<void>) =>
  twoHosts(t, async (one, two, outside) => {
    for (const [index, host] of [one, two].entries()) {
      await writeConf(host, conf)
      await join(host, `c${index}`, conf)
    }
    await body(one, two, outside)
  })

for (const [mode, conf] of [
  ['one segment', overlayConf(4, 2)],
  ['routed', overlayConf(4, 2, { mode: 'l3' })],
] as const)
  t.test(`${mode}: a probe tells that all is well, that nobody answers, and that nobody is there`, t =>
    withProbe(t, conf, async (one, two, outside) => {
      t.match(await probe(one, peer), { code: 1, stdout: /is reached, but nobody answers there.*--listen/ })
      t.match(
        await listen(t, two),
        /^answering at 10\.200\.2\.0.*run: fairlead overlay probe 10\.99\.0\.2 --network overlay1/,
      )
      const said = await probe(one, peer)
      t.match(said, {
        code: 0,
        stderr: '',
        stdout: /TCP and UDP of full size arrive unchanged both ways: leave checksum/,
      })
      await between(outside, 1, 'drop')
      t.match(await probe(one, peer), { code: 1, stdout: /is not reached, not even by ping/ })
      await clear(outside)
      await two.sh(`nft -f - <<'end'
table inet host { chain input { type filter hook input priority 0; policy accept; meta l4proto { tcp, udp } th dport 4787 drop; }; }
end`)
      t.match(await probe(one, peer), { code: 1, stdout: /answers pings, but neither UDP nor TCP.*port 4787/ })
    }),
  )

t.test('to listen and to ask at once is refused, and neither too', t =>
  withHost(t, async host => {
    for (const words of [[], ['10.99.0.2', '--listen'], ['10.99.0.2', '--listen=true']]) {
      t.match(await host.exec([fairlead, 'overlay', 'probe', ...words]), {
        code: 1,
        stdout: /^$/,
        stderr: /^Cannot probe: name the other host, or say --listen.*\n$/,
      })
    }
  }),
)

t.test('a port that is none is refused', t =>
  twoHosts(t, async one => {
    for (const port of ['0', '70000', 'x', '-1', '1.5', '']) {
      const { code, stderr } = await one.exec([fairlead, 'overlay', 'probe', underlay(4, 2), `--port=${port}`])
      t.match({ code, stderr }, { code: 1, stderr: `Cannot use the port "${port}". Give a number from 1 to 65535\n` })
      t.equal(stderr.split('\n').length, 2, 'in one line')
    }
  }),
)

t.test('a probe tells whose checksums arrive wrong', t =>
  withProbe(t, overlayConf(4, 2), async (one, two, outside) => {
    await listen(t, two)
    // As on a wire: there checksums are made, by who sends.
    for (const host of [one, two]) await host.sh('ethtool -K eth0 tx off')
    t.match(await probe(one, peer), { code: 0 }, 'all is well')
    const wrong = (hosts: string) =>
      new RegExp(`What ${hosts} sends? .*checksum offload must be off.*"txChecksumOffload": false for network overlay1`)
    await between(outside, 1, spoilUdp)
    t.match(await probe(one, peer), { code: 1, stdout: wrong('10.99.0.1') }, 'of what goes there')
    await clear(outside)
    await between(outside, 2, spoilUdp)
    t.match(await probe(one, peer), { code: 1, stdout: wrong('10.99.0.2') }, 'of what comes back')
    await between(outside, 1, spoilUdp)
    t.match(await probe(one, peer), { code: 1, stdout: wrong('10.99.0.1 and 10.99.0.2') }, 'both ways')
    await clear(outside)
    await between(outside, 2, `meta length > 1000 ${spoilTcp}`)
    t.match(await probe(one, peer), { code: 1, stdout: wrong('10.99.0.2') }, 'of large segments alone')
    await clear(outside)
    // Behind checksums that nobody looks at.
    await between(outside, 1, `${fragment} ${protocol} 17 @th,800,16 set 0xdead @th,448,16 set 0 udp checksum set 0`)
    const said = await probe(one, peer)
    t.match(said, { code: 1, stdout: /What 10\.99\.0\.1 sends arrives changed, and its checksums do not tell/ })
  }),
)

t.test('a probe tells how large packets may be where those of full size are lost', t =>
  withProbe(t, overlayConf(4, 2), async (one, two, outside) => {
    await listen(t, two)
    await between(outside, 1, 'ip length > 1400 drop')
    const said = await probe(one, peer)
    t.match(said, {
      code: 1,
      stdout:
        /those of full size, 1450 bytes, are lost: from 10\.99\.0\.1 to 10\.99\.0\.2 no more than 1350 bytes pass.*"mtu": 1350/,
    })
    await clear(outside)
    await between(outside, 2, 'ip length > 1300 drop')
    t.match(await probe(one, peer), { code: 1, stdout: /from 10\.99\.0\.2 to 10\.99\.0\.1 no more than 1250 bytes/ })
  }),
)

t.test('what cannot be probed is said', t =>
  twoHosts(t, async one => {
    const conf = overlayConf(4, 2)
    t.match(await probe(one, peer), { code: 1, stderr: /no file in \/run\/net\.d has it/ })
    await writeConf(one, conf)
    t.match(await probe(one, peer), { code: 1, stderr: /no container of this host is on it/ })
    await join(one, 'a', conf)
    t.match(await probe(one, '10.99.0.77'), {
      code: 1,
      stderr: /10\.99\.0\.77 is none of its hosts; it has 10\.99\.0\.2/,
    })
    t.match(await probe(one, underlay(4, 1)), { code: 1, stderr: /is this host/ })
    t.match(await probe(one, 'x'), { code: 1, stderr: /x is no address of a host/ })
    t.match(await one.exec([fairlead, 'overlay', 'probe']), { code: 1, stderr: /name the other host, or say --listen/ })
    await writeConf(one, { ...conf, name: 'other' })
    t.match(await probe(one, peer), {
      code: 1,
      stderr: /there are several, other, overlay1|there are several, overlay1, other/,
    })
    t.match(await probe(one, peer, '--network', 'overlay1'), { code: 1, stdout: /is not reached/ })
  }),
)
