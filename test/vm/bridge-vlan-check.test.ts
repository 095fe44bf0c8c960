import t from 'tap'
import { type Attached, attach, check } from '../support/attached.ts'
import { fairlead, withHost } from '../support/host.ts'
import { answers } from '../support/ping.ts'
import { sample } from '../support/slowness.ts'
import { routed, vlansOf } from '../support/vlan.ts'

const conf = routed(100, { vlanTrunk: [{ minID: 5, maxID: 6 }] })

/** What breaks, how, and what the error names. */
const damages: readonly (readonly [what: string, script: (attached: Attached) => string, names: RegExp])[] = [
  ['the VLAN filter', () => 'ip link set cni0 type bridge vlan_filtering 0', /cni0 has vlan_filtering 0, not 1/],
  ['the VLAN of the port', ({ hostEnd }) => `bridge vlan del dev ${hostEnd} vid 100`, /VLANs of port veth\w+ lack 100/],
  [
    'its being native',
    ({ hostEnd }) => `bridge vlan add dev ${hostEnd} vid 100`,
    /veth\w+ have 100 not as the native one/,
  ],
  ['a VLAN of the trunk', ({ hostEnd }) => `bridge vlan del dev ${hostEnd} vid 6`, /veth\w+ lack 6/],
  ['its tag', ({ hostEnd }) => `bridge vlan add dev ${hostEnd} vid 6 untagged`, /veth\w+ have 6 without a tag/],
  ['a VLAN that was not asked for', ({ hostEnd }) => `bridge vlan add dev ${hostEnd} vid 7`, /veth\w+ have 7 too/],
  ['the link of the gateway', () => 'ip link del cni0.100', /cni0\.100 is absent/],
  ['its being up', () => 'ip link set cni0.100 down', /cni0\.100 is down/],
  ['its end at the bridge', () => `${gate} ip link set $gate nomaster`, /gate\w+ is not a port of cni0/],
  ['the VLAN of that', () => `${gate} bridge vlan del dev $gate vid 100`, /VLANs of port gate\w+ lack 100/],
  ['a gateway address', () => 'ip address del 10.100.0.1/16 dev cni0.100', /10\.100\.0\.1\/16 on cni0\.100/],
  ['the IPv6 one', () => 'ip address del fd00:100::1/64 dev cni0.100', /fd00:100::1\/64 on cni0\.100/],
]
const gate = "gate=$(ip -o link show cni0.100 | sed 's/.*cni0.100@\\([^:]*\\):.*/\\1/');"

t.test('CHECK misses each part of a VLAN, and reconcile makes it again', t =>
  withHost(t, async host => {
    const netns = await host.sandbox('a')
    const attached = await attach(host, netns, conf)
    t.match(await check(host, conf, attached), { code: 0, stdout: '', stderr: '' }, 'all is well')
    for (const [what, script, names] of sample(damages)) {
      await host.sh(script(attached))
      const { code, error } = await check(host, conf, attached)
      t.equal(code, 1, what)
      t.match(`${error?.msg} ${error?.details}`, names)
      t.match(await host.exec([fairlead, 'reconcile']), { code: 0, stdout: /^made / }, what)
      t.match(await check(host, conf, attached), { code: 0, stdout: '' }, `${what} again`)
    }
    t.equal(await vlansOf(host, attached.hostEnd), '5 tagged, 6 tagged, 100*')
    t.equal(await answers(netns, '10.100.0.1'), true)
  }),
)
