import t from 'tap'
import { bridgeConf, type Conf, call, hostLocal, must } from '../support/call.ts'
import { type Host, withHost } from '../support/host.ts'
import { lanConf } from '../support/lan.ts'
import { settles, stateOf } from '../support/state.ts'

type Change = Readonly<Record<string, unknown>>

const of = (type: string, change: Change = {}): Conf => ({ cniVersion: '1.1.0', name: 'net1', type, ...change })
const v4 = { ipam: hostLocal('10.88.0.0/24') }
const v6 = { ipam: hostLocal('10.88.0.0/24', 'fd00:88::/64') }

const overlay = (change: Change): Conf =>
  of('vxlan-overlay', {
    mtu: 1000,
    controlPlane: { type: 'static', nodes: [{ address: '192.0.2.1', blocks: ['10.88.0.0/26'] }] },
    ...change,
  })

/** By what makes the link small: the host, and a network on it. */
const cases: Readonly<Record<string, readonly [script: string, conf: (ipam: Change) => Conf]>> = {
  'mtu of bridge': [':', ipam => bridgeConf({ mtu: 1000, ...ipam })],
  'the default route, of bridge': ['ip link set up0 mtu 1000', ipam => bridgeConf(ipam)],
  'mtu of ptp': [':', ipam => of('ptp', { mtu: 1000, ...ipam })],
  'mtu of tap': [':', ipam => of('tap', { mtu: 1000, ...ipam })],
  'mtu of vxlan-overlay': [':', overlay],
  'mtu of macvlan': [':', ipam => lanConf({ mtu: 1000, ...ipam })],
  'the parent, of macvlan': ['ip link set up0 mtu 1000', ipam => lanConf({ hostAccess: true, ...ipam })],
  'the device, of host-device': [
    'ip link add lan0 mtu 1000 type veth peer name lan1',
    ipam => of('host-device', { device: 'lan0', ...ipam }),
  ],
}

async function staged(host: Host, script: string) {
  await host.sh(`for link in up0 up1; do ip link set $link addrgenmode none; ip -6 address flush dev $link; done
${script}`)
  return host.sandbox('a')
}

for (const [name, [script, conf]] of Object.entries(cases)) {
  t.test(`an MTU too small for IPv6 does for IPv4: ${name}`, t =>
    withHost(t, async host => {
      const netns = await staged(host, script)
      const prevResult = await must(host, 'ADD', conf(v4), { netns })
      const [{ mtu, addr_info }] = await netns.ip('address', 'show', 'dev', 'eth0')
      t.match({ mtu, addr_info }, { mtu: 1000, addr_info: [{ local: /^10\.88\.0\./ }] })
      t.match(await call(host, 'CHECK', { ...conf(v4), prevResult }, { netns }), { code: 0 })
      await must(host, 'DEL', conf(v4), { netns })
      t.same(
        (await netns.ip('link')).map(({ ifname }) => ifname),
        ['lo'],
      )
    }),
  )

  t.test(`and with IPv6 it is refused before anything is made: ${name}`, t =>
    withHost(t, async host => {
      const netns = await staged(host, script)
      await must(host, 'DEL', conf(v6), { netns })
      const before = await stateOf(host)
      const { error } = await call(host, 'ADD', conf(v6), { netns })
      t.match(error, { code: 7, msg: /MTU of 1000.*too small for IPv6.*needs 1280/ })
      await settles(t, host, before, 'as before')
    }),
  )
}
