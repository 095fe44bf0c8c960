import t from 'tap'
import { type Attached, attach, check, manyKeys } from '../support/attached.ts'
import { must } from '../support/call.ts'
import { withHost } from '../support/host.ts'

/** What breaks, how, and what the error names. */
const damages: readonly (readonly [what: string, script: (attached: Attached) => string, names: RegExp])[] = [
  ['the gateway address', () => 'ip addr del 10.88.0.1/16 dev cni0', /10\.88\.0\.1\/16/],
  ['the IPv6 gateway address', () => 'ip addr del fd00:88::1/64 dev cni0', /fd00:88::1\/64/],
  ['the bridge being up', () => 'ip link set cni0 down', /cni0/],
  ['the bridge MAC', () => 'ip link set cni0 address 02:00:00:00:00:99', /cni0.* MAC/],
  ['the bridge MTU', () => 'ip link set cni0 mtu 1300', /cni0.* MTU 1300/],
  ['the host end', ({ hostEnd }) => `ip link del ${hostEnd}`, /veth/],
  ['the port', ({ hostEnd }) => `ip link set ${hostEnd} nomaster`, /port of cni0/],
  ['the MTU of the host end', ({ hostEnd }) => `ip link set ${hostEnd} mtu 1300`, /veth.* MTU 1300/],
  ['hairpin', ({ hostEnd }) => `bridge link set dev ${hostEnd} hairpin off`, /hairpin off/],
  ['isolation', ({ hostEnd }) => `bridge link set dev ${hostEnd} isolated off`, /isolation off/],
  ['the MTU of the sandbox end', () => 'ip -n a link set eth0 mtu 1300', /eth0.* MTU 1300/],
  ['the MAC of the sandbox end', () => 'ip -n a link set eth0 address 02:00:00:00:00:99', /eth0.* MAC/],
  ['the sandbox end being up', () => 'ip -n a link set eth0 down', /eth0/],
  ['the address', () => 'ip -n a addr del 10.88.0.2/16 dev eth0', /10\.88\.0\.2\/16/],
  ['the IPv6 address', () => 'ip -n a addr del fd00:88::2/64 dev eth0', /fd00:88::2\/64/],
  ['the default route', () => 'ip -n a route del default', /0\.0\.0\.0\/0/],
  ['the IPv6 default route', () => 'ip -n a -6 route del default', /::\/0/],
  ['forwarding', () => 'echo 0 >/proc/sys/net/ipv4/ip_forward', /net\.ipv4\.ip_forward/],
  ['IPv6 forwarding', () => 'echo 0 >/proc/sys/net/ipv6/conf/all/forwarding', /net\.ipv6\.conf\.all\.forwarding/],
  ['masquerade', () => 'nft delete table inet fairlead', /inet fairlead/],
  ['the hook of masquerade', () => 'nft flush chain inet fairlead masq', /masq/],
  ['the rules of masquerade', () => 'nft flush chain inet fairlead masq4-16', /masq4-16/],
  ['the entry of masquerade', () => 'nft flush map inet fairlead masq4', /10\.88\.0\.2 of masq4/],
  ['the own subnet of masquerade', () => 'nft flush set inet fairlead local6', /fd00:88::2.* of local6/],
  ['the spoof check', () => 'nft flush chain bridge fairlead spoof', /spoof/],
  ['the spoof check of the port', () => 'nft flush set bridge fairlead guarded', /guarded/],
  ['the lease', () => 'rm /var/lib/cni/networks/net1/10.88.* /var/lib/cni/networks/net1/fd*', /lease/],
]

t.test('CHECK misses', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    for (const [what, script, names] of damages) {
      const attached = await attach(host, a, manyKeys)
      await host.sh(script(attached))
      const { code, error } = await check(host, manyKeys, attached)
      t.equal(code, 1, what)
      t.match(`${error?.msg} ${error?.details}`, names)
      await must(host, 'DEL', manyKeys, { netns: a })
      await host.sh('ip link del cni0; nft flush ruleset; rm -r /var/lib/cni/networks')
    }
  }),
)
