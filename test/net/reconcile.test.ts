import t from 'tap'
import { bridgeConf, must } from '../support/call.ts'
import { fairlead, type Host, withHost } from '../support/host.ts'
import { savedRules } from '../support/rules.ts'
import { detours, limits, qdiscs } from '../support/shaping.ts'

const reconcile = (host: Host) => host.exec([fairlead, 'reconcile'])

t.test('reconcile makes again what was taken from a living attachment, and says so', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    await must(host, 'ADD', bridgeConf({ macspoofchk: true }), { netns: a })
    const before = await host.ruleset()
    await host.sh('nft flush ruleset && ip address flush dev cni0 && echo 0 > /proc/sys/net/ipv4/ip_forward')
    const { code, stdout } = await reconcile(host)
    t.equal(code, 0)
    t.match(stdout, 'made nftables element 10.88.0.2 of masq4')
    t.same((await host.ruleset()).split('\n').sort(), before.split('\n').sort(), 'the ruleset is as it was')
    t.match(await host.sh('ip -brief address show dev cni0'), '10.88.0.1/16')
    t.equal(await host.sh('cat /proc/sys/net/ipv4/ip_forward'), '1\n')
  }),
)

t.test('reconcile touches nothing where nothing is missing, and nothing of an attachment whose sandbox is gone', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    await must(host, 'ADD', bridgeConf(), { netns: a })
    t.equal((await reconcile(host)).stdout, '')
    await host.sh('ip link del $(ip -o link show type veth | grep -o "veth[0-9a-f]*" | head -n 1) && nft flush ruleset')
    t.equal((await reconcile(host)).stdout, '')
    t.equal(await host.ruleset(), '')
  }),
)

t.test('reconcile makes rules of iptables again, whether one of them is gone or all', t =>
  withHost(t, async host => {
    const conf = bridgeConf({ ipMasqBackend: 'iptables' })
    await must(host, 'ADD', conf, { netns: await host.sandbox('a') })
    const before = await savedRules(host)
    const chain = /:(CNI-\S+)/.exec(before)?.[1]
    for (const act of ['iptables -t nat -F POSTROUTING', `iptables -t nat -D ${chain} 1`, 'nft flush ruleset']) {
      await host.sh(act)
      t.match((await reconcile(host)).stdout, 'made iptables rule', act)
      t.equal(await savedRules(host), before)
    }
    t.equal((await reconcile(host)).stdout, '')
  }),
)

t.test('reconcile gives a living attachment its limits back', t =>
  withHost(t, async host => {
    const netns = await host.sandbox('a')
    const conf = bridgeConf({ ...limits, shapedSubnets: ['10.0.0.0/8'] })
    const prevResult = await must(host, 'ADD', conf, { netns })
    const before = await qdiscs(host, prevResult.interfaces[1].name)
    for (const name of await detours(host)) {
      await host.sh(`ip link del ${name}`)
      t.match((await reconcile(host)).stdout, `made link ${name}`)
      await must(host, 'CHECK', { ...conf, prevResult }, { netns })
    }
    await host.sh(`tc qdisc del dev ${prevResult.interfaces[1].name} clsact`)
    t.match((await reconcile(host)).stdout, 'made qdisc clsact')
    const steady = (text: string) =>
      text
        .replaceAll(/^\s*index .*/gm, '')
        .replaceAll(/fh \w+:/g, '')
        .replaceAll(/ht \w+ /g, '')
    const lines = (text: string) => steady(text).split('\n').sort()
    t.same(lines(await qdiscs(host, prevResult.interfaces[1].name)), lines(before))
  }),
)
