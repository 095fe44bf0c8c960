import t, { type Test } from 'tap'
import { type Conf, hostLocal, must } from '../support/call.ts'
import { type Host, withHost } from '../support/host.ts'

const conf: Conf = { cniVersion: '1.0.0', name: 'net1', type: 'ptp', ipam: hostLocal('10.88.0.0/16') }

/** A wire as the reference plugin leaves it (plugins/main/ptp/ptp.go, v1.9.1). */
const wire = `ip link add veth1234 type veth peer name eth0 netns a
ip address add 10.88.0.1/32 dev veth1234
ip link set veth1234 up
ip -n a link set eth0 up
ip route add 10.88.0.2/32 dev veth1234 scope host
mkdir -p /var/lib/cni/networks/net1
printf 'a\\r\\neth0' > /var/lib/cni/networks/net1/10.88.0.2`

/** What its ADD has answered. */
const resultOf = (hostEnd: object) => ({
  cniVersion: '1.0.0',
  interfaces: [hostEnd, { name: 'eth0', mac: '02:00:00:00:00:02', sandbox: '/run/netns/a' }],
  ips: [{ address: '10.88.0.2/16', gateway: '10.88.0.1', interface: 1 }],
})

const veths = async (host: Host): Promise<readonly string[]> =>
  (await host.ip('link', 'show', 'type', 'veth')).map(({ ifname }) => ifname).filter(name => name.startsWith('veth'))

/** Removes the attachment without its namespace, which lives on; gives the wires that are left. */
async function left(t: Test, host: Host, hostEnd: object): Promise<readonly string[]> {
  await must(host, 'DEL', { ...conf, prevResult: resultOf(hostEnd) }, { containerId: 'a' })
  t.notMatch(Object.keys(await host.files()), /10\.88\.0\.2$/, 'the address is free')
  return veths(host)
}

t.test('DEL without the network namespace removes a wire of the reference plugin’s, which the result names', t =>
  withHost(t, async host => {
    await host.sandbox('a')
    await host.sh(wire)
    t.same(await left(t, host, { name: 'veth1234', mac: '02:00:00:00:00:01' }), [])
    t.notMatch(await host.sh('ip route show table all'), /10\.88/)
  }),
)

/** Results that name a link which is not, or need not be, the end of that wire. */
const others: Readonly<Record<string, readonly [script: string, hostEnd: object]>> = {
  'a link of a name that the result has not': [':', { name: 'veth9999' }],
  'a link that is in a sandbox by the result': [':', { name: 'veth1234', sandbox: '/run/netns/b' }],
  'a veth that does not lead to the address of the result': ['ip route del 10.88.0.2', { name: 'veth1234' }],
  'a veth that another attachment of ours has': ['ip link set veth1234 alias fairlead:other', { name: 'veth1234' }],
}

for (const [what, [script, hostEnd]] of Object.entries(others)) {
  t.test(`It leaves alone ${what}`, t =>
    withHost(t, async host => {
      await host.sandbox('a')
      await host.sh(`${wire}\n${script}`)
      t.same(await left(t, host, hostEnd), ['veth1234'])
    }),
  )
}

t.test('It leaves alone a link of another type that leads to the address', t =>
  withHost(t, async host => {
    await host.sandbox('a')
    await host.sh(`${wire}\nip link add br9 type bridge\nip link set br9 up\nip route replace 10.88.0.2/32 dev br9`)
    t.same(await left(t, host, { name: 'br9' }), ['veth1234'])
    t.match(await host.ip('link', 'show', 'dev', 'br9'), [{ ifname: 'br9' }])
  }),
)
