import t, { type Test } from 'tap'
import { type Conf, must } from '../support/call.ts'
import { type Host, type Sandbox, withHost } from '../support/host.ts'
import { answers } from '../support/ping.ts'
import { networkOf, vrfs, type Wired, wire } from '../support/routed.ts'

/** A network of its own with the same addresses as another: a neighbour, and an interface of the container. */
async function twin(host: Host, sandbox: Sandbox, number: number): Promise<Wired> {
  const network = (last: number): Conf => ({
    ...networkOf(number),
    isGateway: false,
    ipam: { type: 'static', addresses: [{ address: `10.5.0.${last}/24` }, { address: `fd00:5::${last}/64` }] },
  })
  await wire(host, await host.sandbox(`n${number}`), 'eth0', network(9))
  return wire(host, sandbox, `eth${number}`, network(2))
}

/** How many packets of one family an interface of the neighbour has answered. */
async function asked(neighbour: string, host: Host): Promise<number> {
  return Number(
    await host.sh(`ip netns exec ${neighbour} cat /proc/net/snmp | awk '/^Icmp:/ && $2 ~ /[0-9]/ { print $2 }'`),
  )
}

async function asksOnly(t: Test, host: Host, sandbox: Sandbox, vrf: string, mine: string, other: string) {
  const before = [await asked(mine, host), await asked(other, host)] as const
  t.ok(await answers(sandbox, '10.5.0.9', '-I', vrf), `${vrf} reaches ${mine}`)
  t.ok(await answers(sandbox, 'fd00:5::9', '-I', vrf), 'with IPv6 too')
  t.ok((await asked(mine, host)) > before[0], 'it is the one that was asked')
  t.equal(await asked(other, host), before[1], 'the other one has heard nothing')
}

t.test('two VRFs of one container have the same addresses, and each its own neighbours', t =>
  withHost(t, async host => {
    const sandbox = await host.sandbox('a')
    const [one, two] = [await twin(host, sandbox, 1), await twin(host, sandbox, 2)]
    await must(host, 'ADD', one.conf('vrf', { vrfname: 'red' }), one.options)
    await must(host, 'ADD', two.conf('vrf', { vrfname: 'blue', table: 900 }), two.options)
    t.same(await vrfs(sandbox), { red: 1, blue: 900 })
    await asksOnly(t, host, sandbox, 'red', 'n1', 'n2')
    await asksOnly(t, host, sandbox, 'blue', 'n2', 'n1')
    await must(host, 'DEL', one.conf('vrf', { vrfname: 'red' }), one.options)
    t.same(await vrfs(sandbox), { blue: 900 })
    await asksOnly(t, host, sandbox, 'blue', 'n2', 'n1')
  }),
)
