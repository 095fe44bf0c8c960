import t from 'tap'
import { bridgeConf, must } from '../support/call.ts'
import { bin, fairlead } from '../support/host.ts'
import { join, overlayConf, twoHosts, underlay } from '../support/overlay.ts'
import { ping } from '../support/ping.ts'

t.test('an underlay that has another name is told with its network, and keeps nothing from the others', t =>
  twoHosts(t, async (one, two) => {
    const conf = overlayConf(4, 2)
    await join(one, 'a', conf)
    await join(one, 'a2', conf)
    const b = await join(two, 'b', conf)
    await must(one, 'ADD', bridgeConf(), { netns: await one.sandbox('other') })
    await one.sh(`ip link set eth0 down; ip link set eth0 name eth7; ip link set eth7 up
      ip route add default via ${underlay(4, 100)}
      nft flush ruleset; ip address flush dev cni0`)
    const missing = /network overlay1: link flv\d+ .*: the host has no link eth0 .* Bring it back under that name/
    const reconciled = await one.exec([fairlead, 'reconcile'])
    t.match(reconciled, { code: 1, stderr: missing })
    t.equal(reconciled.stderr.match(/network overlay1/g)?.length, 1, 'once, whatever the number of containers')
    t.match(await one.sh('nft list ruleset'), '10.88.0.2', 'the other network is restored')
    t.match(await one.sh('ip -brief address show dev cni0'), '10.88.0.1/16')
    await one.sh('nft flush ruleset')
    const fixed = await one.exec([fairlead, 'doctor', '--conf-dir', '/run/net.d', '--cni-bin-dir', bin, '--fix'])
    t.match(fixed, { code: 1, stderr: missing, stdout: /^ok +kernel: bridges$/m })
    t.match(fixed.stdout, /^error +leftovers: a eth0 \(network overlay1, vxlan-overlay\) lacks \d/m)
    t.notMatch(fixed.stdout, /network net1, bridge\) lacks/)
    const late = await join(one, 'late', conf)
    t.type(await ping(late.sandbox, b.v4), 'number', 'a container takes the tunnel to the link that has the address')
    t.match(await one.exec([fairlead, 'reconcile']), { code: 0 })
  }),
)
