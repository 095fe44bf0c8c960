import t from 'tap'
import { bridgeConf, type CallOptions, call, hostLocal } from '../support/call.ts'
import { type Host, startHost } from '../support/host.ts'
import { differences } from './compare.ts'
import { alone, bridge, type Intended, loopback, none, versions, wire } from './intended.ts'
import { go, ours, within } from './plugins.ts'

const dns = { nameservers: ['10.88.0.53'], domain: 'example', search: ['a.example', 'b.example'], options: ['ndots:2'] }
const attributes = [
  { dst: '0.0.0.0/0', mtu: 1400, advmss: 1360, priority: 100, table: 0, scope: 0 },
  { dst: '10.9.0.0/16' },
]
const fixed = {
  type: 'static',
  addresses: [{ address: '10.88.0.9/16', gateway: '10.88.0.1' }, { address: 'FD00:88:0::9/64' }],
  routes: [
    { dst: '0.0.0.0/0', gw: '10.88.0.1' },
    { dst: 'fd01::/16', gw: '' },
  ],
}
const pools = [
  [{ subnet: '10.88.0.0/24', rangeStart: '10.88.0.50', rangeEnd: '10.88.0.60', gateway: '10.88.0.254' }],
  [{ subnet: 'FD00:88:0::/64', rangeStart: 'fd00:88::0:10' }, { subnet: 'fd00:89::/64' }],
]

const rows: Readonly<Record<string, readonly [Readonly<Record<string, unknown>>, Intended, CallOptions?]>> = {
  'bridge, one family': [{}, bridge(1500, { v4: '10.88.0.1' })],
  'bridge, both families': [
    { ipam: hostLocal('10.88.0.0/16', 'fd00:88::/64') },
    bridge(1500, { v4: '10.88.0.1', v6: 'fd00:88::1' }),
  ],
  'bridge, default gateway, DNS': [
    { isDefaultGateway: true, dns, ipam: { type: 'host-local', subnet: '10.88.0.0/16' } },
    bridge(1500),
  ],
  'bridge, no gateway, MTU': [{ isGateway: false, ipMasq: false, mtu: 1400 }, bridge(1400, { v4: '10.88.0.1' })],
  'bridge, static': [{ ipam: { ...fixed, dns } }, bridge(1500, { v6: 'fd00:88::1' })],
  'bridge, no addresses': [{ isGateway: false, ipMasq: false, ipam: undefined }, bridge(1500)],
  'ptp, both families': [
    { type: 'ptp', ipam: hostLocal('10.88.0.0/16', 'fd00:88::/64') },
    wire(1500, { v4: '10.88.0.1', v6: 'fd00:88::1' }),
  ],
  'ptp, DNS and MTU': [
    { type: 'ptp', mtu: 1400, dns, ipam: { type: 'host-local', subnet: '10.88.0.0/16' } },
    wire(1400),
  ],
  'tap, both families': [
    { type: 'tap', bridge: undefined, ipam: hostLocal('10.88.0.0/16', 'fd00:88::/64') },
    alone(1500, { v4: '10.88.0.1', v6: 'fd00:88::1' }),
  ],
  'tap, no addresses': [{ type: 'tap', bridge: undefined, mtu: 1400, ipam: undefined }, alone(1400)],
  'host-local, subnet': [{ type: 'host-local', ipam: { type: 'host-local', subnet: '10.88.0.0/16' } }, none],
  'host-local, pools': [{ type: 'host-local', ipam: { type: 'host-local', ranges: pools } }, none],
  'host-local, routes': [{ type: 'host-local', ipam: { ...hostLocal('10.88.0.0/16'), routes: attributes } }, none],
  'host-local, resolv.conf': [
    { type: 'host-local', ipam: { ...hostLocal('10.88.0.0/16'), resolvConf: '/run/resolv.conf' } },
    none,
  ],
  'host-local, wanted address': [
    { type: 'host-local', ipam: hostLocal('10.88.0.0/16', 'fd00:88::/64'), args: { cni: { ips: ['fd00:88::77'] } } },
    none,
    { args: 'IgnoreUnknown=1;K8S_POD_NAME=x;IP=10.88.7.7' },
  ],
  'host-local, wanted ranges': [
    { type: 'host-local', runtimeConfig: { ipRanges: [[{ subnet: 'fd00:90::/64' }]] } },
    none,
  ],
  'static, addresses': [{ type: 'static', ipam: { ...fixed, dns } }, none],
  'static, routes': [{ type: 'static', ipam: { ...fixed, routes: attributes } }, none],
  'static, CNI_ARGS': [
    { type: 'static', ipam: { type: 'static', routes: [{ dst: '0.0.0.0/0' }] } },
    none,
    { args: 'IP=10.88.0.7/16,fd00:88::7/64;GATEWAY=10.88.0.1,fd00:88::1' },
  ],
  'static, runtimeConfig': [{ type: 'static', ipam: fixed, runtimeConfig: { ips: ['10.88.0.8/16'] } }, none],
  loopback: [{ type: 'loopback', ipam: undefined }, loopback],
}

const resolvConf = 'nameserver 10.0.0.53\\nsearch a.example b.example\\ndomain example\\noptions ndots:2\\n# none\\n'

/** A host for each suite, so that both name everything alike. */
async function hosts(t: { teardown(work: () => Promise<void>): void }): Promise<readonly [Host, Host]> {
  const pair = await Promise.all([startHost(), startHost()])
  t.teardown(async () => void (await Promise.all(pair.map(host => host.stop()))))
  await Promise.all(pair.map(host => host.sh(`printf '${resolvConf}' >/run/resolv.conf`)))
  return pair
}

for (const [what, [change, intended, options]] of Object.entries(rows)) {
  t.test(`the result is the reference's, intended differences apart: ${what}`, async t => {
    const pair = await hosts(t)
    for (const [index, version] of versions.entries()) {
      const conf = bridgeConf({ cniVersion: version, name: `net${index}`, bridge: `cni${index}`, ...change })
      const answers = pair.map(async (host, suite) => {
        const netns = await host.sandbox('a')
        const answer = await call(host, 'ADD', conf, {
          ...options,
          netns,
          containerId: `c${index}`,
          ...within(suite === 0 ? go : ours),
        })
        await netns.remove()
        return answer
      })
      const [theirs, own] = await Promise.all(answers)
      if (!theirs || !own) throw new Error('nothing was answered')
      t.same(differences(theirs, own), intended(version), version)
    }
  })
}
