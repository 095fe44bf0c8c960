import t from 'tap'
import { bridgeConf, call, must } from '../support/call.ts'
import { type Host, withHost } from '../support/host.ts'
import { tuning, untuned } from '../support/tuned.ts'

/** A /etc of the test's own. */
const ownEtc = (host: Host) => host.sh('cp -a /etc /run/etc && mount --bind /run/etc /etc && mkdir -p /etc/cni/tuning')
const allow = (host: Host, text: string) =>
  host.exec(['tee', '/etc/cni/tuning/allowlist.conf'], { input: text }).then(({ code }) => code)

const sysctl = { 'net.ipv4.conf.IFNAME.arp_filter': '1' }

t.test('the list of the host says which sysctls may be set, by ADD alone', t =>
  withHost(t, async host => {
    const { options, sandbox, conf } = await untuned(host)
    await ownEtc(host)
    const rows = [
      ['', 7, 'does not allow it'],
      ['\n \n', 7, 'does not allow it'],
      ['net\\.core\\.', 7, '"net.ipv4.conf.IFNAME.arp_filter"'],
      ['# a comment\n(', 7, 'line 2'],
      ['  arp_filter  \n', 0, ''],
      ['^net\\.ipv4\\.conf\\.IFNAME\\.[a-z_]*$', 0, ''],
      ['conf.eth0', 7, 'does not allow it'],
    ] as const
    for (const [text, code, says] of rows) {
      await allow(host, text)
      const answer = await call(host, 'ADD', conf({ sysctl }), options)
      t.equal(answer.code === 0 ? 0 : answer.error?.code, code, `${JSON.stringify(text)}: ${answer.error?.msg}`)
      t.match(answer.error?.msg ?? '', says)
      t.match(await tuning(sandbox), { 'net/ipv4/conf/eth0/arp_filter': code === 0 ? '1' : '0' })
      if (code !== 0) continue
      await allow(host, '')
      await must(host, 'CHECK', conf({ sysctl }), options)
      await must(host, 'DEL', conf({ sysctl }), options)
      t.match(await tuning(sandbox), { 'net/ipv4/conf/eth0/arp_filter': '0' })
    }
    await must(host, 'ADD', conf({ mtu: 1400 }), options)
    const refused = await call(
      host,
      'ADD',
      { ...bridgeConf({ sysctl }), bridge: 'cni1' },
      { netns: await host.sandbox('b') },
    )
    t.match(refused.error, { code: 7, msg: 'does not allow it' }, 'the key of bridge is held to it too')
  }),
)

t.test('an interface whose name has a dot is meant as sysctl(8) writes it', t =>
  withHost(t, async host => {
    const netns = await host.sandbox('a')
    const options = { netns, ifName: 'eth0.5' }
    const prevResult = await must(host, 'ADD', bridgeConf(), options)
    const keys = [
      'net.ipv4.conf.eth0/5.arp_filter',
      'net/ipv4/conf/eth0.5/arp_filter',
      'net.ipv4.conf.IFNAME.arp_filter',
    ]
    for (const key of keys) {
      const conf = { cniVersion: '1.1.0', name: 'net1', type: 'tuning', prevResult, sysctl: { [key]: '1' } }
      await must(host, 'ADD', conf, options)
      const read = () => netns.exec(['cat', '/proc/sys/net/ipv4/conf/eth0.5/arp_filter']).then(({ stdout }) => stdout)
      t.equal(await read(), '1\n', key)
      await must(host, 'CHECK', conf, options)
      await must(host, 'DEL', conf, options)
      t.equal(await read(), '0\n')
    }
  }),
)

t.test('a sysctl of all interfaces and one of a single one are set in the order given, and given back', t =>
  withHost(t, async host => {
    const { options, sandbox, conf } = await untuned(host)
    const forwarding = async () =>
      (await sandbox.exec(['sh', '-c', 'cat /proc/sys/net/ipv4/conf/*/forwarding'])).stdout.replaceAll('\n', '')
    await sandbox.exec(['sh', '-c', 'echo 1 > /proc/sys/net/ipv4/conf/eth0/forwarding'])
    const before = await forwarding()
    const change = { sysctl: { 'net.ipv4.ip_forward': '1', 'net.ipv4.conf.eth0.forwarding': '0' } }
    for (let n = 0; n < 5; n++) {
      await must(host, 'ADD', conf(change), options)
      await must(host, 'CHECK', conf(change), options)
      await must(host, 'DEL', conf(change), options)
      t.equal(await forwarding(), before)
    }
  }),
)

t.test('bridge sets sysctls itself; those that outlive the interface are given back', t =>
  withHost(t, async host => {
    const netns = await host.sandbox('a')
    const sysctl = {
      'net.core.somaxconn': '500',
      'net.ipv4.conf.IFNAME.arp_filter': '1',
      'net.ipv4.tcp_rmem': '4096 5000 6000',
    }
    const conf = bridgeConf({ sysctl })
    const read = async (key: string) => (await netns.exec(['cat', `/proc/sys/net/${key}`])).stdout.trim()
    const before = await read('core/somaxconn')
    const prevResult = await must(host, 'ADD', conf, { netns })
    t.same([await read('core/somaxconn'), await read('ipv4/conf/eth0/arp_filter')], ['500', '1'])
    await must(host, 'CHECK', { ...conf, prevResult }, { netns })
    await netns.exec(['sh', '-c', 'echo 0 > /proc/sys/net/ipv4/conf/eth0/arp_filter'])
    t.match((await call(host, 'CHECK', { ...conf, prevResult }, { netns })).error?.msg, 'arp_filter')
    await must(host, 'DEL', conf, { netns })
    t.equal(await read('core/somaxconn'), before)
  }),
)
