import t from 'tap'
import { attach, check, manyKeys } from '../support/attached.ts'
import { bridgeConf, type Conf, call, hostLocal, must } from '../support/call.ts'
import { withHost } from '../support/host.ts'

const confs: Readonly<Record<string, Conf>> = {
  'IPv4 alone': bridgeConf(),
  'IPv6 alone': bridgeConf({ ipam: hostLocal('fd00:88::/64') }),
  'layer 2 alone': bridgeConf({ ipam: {}, isGateway: false, ipMasq: false }),
  'layer 2 with an IPAM of an empty type': bridgeConf({ ipam: { type: '' } }),
  'layer 2, spoof check and promiscuous bridge': bridgeConf({ ipam: {}, macspoofchk: true, promiscMode: true }),
  'the container interface left down': bridgeConf({ ipam: {}, disableContainerInterface: true }),
  'duplicate address detection': bridgeConf({ enabledad: true, ipam: hostLocal('fd00:88::/64') }),
  'cniVersion 0.4.0': bridgeConf({ cniVersion: '0.4.0' }),
  'cniVersion 1.0.0': bridgeConf({ cniVersion: '1.0.0' }),
  'static addresses': bridgeConf({
    isGateway: true,
    ipam: {
      type: 'static',
      addresses: [{ address: '10.88.0.7/24', gateway: '10.88.0.1' }],
      routes: [{ dst: '10.9.0.0/16' }],
    },
  }),
  'odd routes': bridgeConf({
    ipam: {
      ...hostLocal('10.88.0.0/16'),
      routes: [
        { dst: '0.0.0.0/0', priority: 50, mtu: 1300, advmss: 1200 },
        { dst: '10.9.0.0/16', table: 100 },
        { dst: '10.10.0.0/16', scope: 253 },
        { dst: '10.11.0.0/16', gw: '10.88.0.9' },
      ],
    },
  }),
}

t.test('CHECK passes after ADD with', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    for (const [name, each] of Object.entries(confs)) {
      const attached = await attach(host, a, each)
      t.match(await check(host, each, attached), { code: 0, stdout: '', stderr: '' }, name)
      await must(host, 'DEL', each, { netns: a })
      await host.sh('ip link del cni0')
    }
  }),
)

t.test('CHECK passes after other containers came and went', t =>
  withHost(t, async host => {
    const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
    const attached = await attach(host, a, manyKeys)
    for (const operation of ['ADD', 'DEL']) {
      await must(host, operation, manyKeys, { netns: b })
      t.match(await check(host, manyKeys, attached), { code: 0, stdout: '', stderr: '' }, operation)
    }
  }),
)

t.test('CHECK passes what a later plugin changed and the final result tells, and more addresses and routes', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    const attached = await attach(host, a, bridgeConf())
    const { result } = attached
    await host.sh(`ip -n a link set eth0 mtu 1300 address 02:00:00:00:00:aa
ip -n a address add 10.7.7.7/24 dev eth0; ip -n a route add 10.6.0.0/16 via 10.88.0.9
ip -n a route add default via 10.88.0.1 2>/dev/null || true; ip address add 10.5.5.5/24 dev cni0`)
    const interfaces = result.interfaces.map((each: object, index: number) =>
      index === 2 ? { ...each, mac: '02:00:00:00:00:AA', mtu: 1300 } : each,
    )
    const later = { ...attached, result: { ...result, interfaces } }
    t.match(await check(host, bridgeConf(), later), { code: 0, stdout: '', stderr: '' })
  }),
)

t.test('CHECK needs a prevResult of its own format, and the sandbox of ADD', t =>
  withHost(t, async host => {
    const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
    const attached = await attach(host, a, manyKeys)
    t.match(await call(host, 'CHECK', manyKeys, { netns: a }), { code: 1, error: { code: 7, msg: /prevResult/ } })
    const old = { ...attached, result: { ...attached.result, cniVersion: '0.4.0' } }
    t.match(await check(host, manyKeys, old), { code: 1, error: { code: 7, msg: /0\.4\.0/ } })
    t.match(await check(host, manyKeys, { ...attached, sandbox: b }), { code: 1 }, 'another sandbox')
    const moved = await call(
      host,
      'CHECK',
      { ...manyKeys, prevResult: attached.result },
      { netns: b, containerId: 'a' },
    )
    t.match(moved, { code: 1, error: { msg: /another network namespace/ } })
  }),
)

t.test('CHECK without a record goes by the result', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    const attached = await attach(host, a, bridgeConf())
    await host.sh('rm -r /var/lib/cni/fairlead')
    t.match(await check(host, bridgeConf(), attached), { code: 0, stdout: '' })
    await host.sh('ip -n a route del default')
    t.match(await check(host, bridgeConf(), attached), { code: 1, error: { msg: /0\.0\.0\.0\/0/ } })
  }),
)
