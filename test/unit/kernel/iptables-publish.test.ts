import t from 'tap'
import { type Published, publishByIptables } from '../../../lib/kernel/iptables-publish.ts'
import { fresh, usual } from '../../support/rules.ts'

const published: Published = {
  network: 'net1',
  containerId: 'ctr1',
  family: 4,
  address: '10.88.0.2/16',
  mappings: [
    { hostPort: 8080, containerPort: 80, protocol: 'tcp' },
    { hostPort: 8053, containerPort: 53, protocol: 'udp', hostIP: '0.0.0.0' },
    { hostPort: 8081, containerPort: 81, protocol: 'tcp', hostIP: '192.0.2.1' },
    { hostPort: 8082, containerPort: 82, protocol: 'tcp', hostIP: '::1' },
  ],
  snat: true,
  masqAll: false,
  markMasqBit: 13,
  conditions: [],
}
const chain = 'CNI-DN-85373d34c6846b6c53ee2'
const linesOf = (change: Partial<Published>, pattern = /./) =>
  fresh(publishByIptables({ ...published, ...change }))
    .split('\n')
    .filter(line => pattern.test(line))
const inChain = (change: Partial<Published>) =>
  linesOf(change, new RegExp(`^-A ${chain}`)).map(line => line.slice(`-A ${chain} `.length))

t.test('rules are those of the reference', async t => {
  const entry = (protocol: string, ports: string) =>
    `-A CNI-HOSTPORT-DNAT -m comment --comment "dnat name: \\"net1\\" id: \\"ctr1\\"" -m multiport -p ${protocol} --destination-ports ${ports} -j ${chain}`
  t.same(linesOf({}), [
    '*nat',
    '-N CNI-HOSTPORT-DNAT',
    '-N CNI-HOSTPORT-SETMARK',
    '-N CNI-HOSTPORT-MASQ',
    `-N ${chain}`,
    `-A ${chain} -p tcp -m tcp --dport 8080 -s 10.88.0.2/16 -j CNI-HOSTPORT-SETMARK`,
    `-A ${chain} -p tcp -m tcp --dport 8080 -s 127.0.0.1 -j CNI-HOSTPORT-SETMARK`,
    `-A ${chain} -p tcp -m tcp --dport 8080 -j DNAT --to-destination 10.88.0.2:80`,
    `-A ${chain} -p udp -m udp --dport 8053 -s 10.88.0.2/16 -j CNI-HOSTPORT-SETMARK`,
    `-A ${chain} -p udp -m udp --dport 8053 -s 127.0.0.1 -j CNI-HOSTPORT-SETMARK`,
    `-A ${chain} -p udp -m udp --dport 8053 -j DNAT --to-destination 10.88.0.2:53`,
    `-A ${chain} -p tcp -m tcp --dport 8081 -d 192.0.2.1 -s 10.88.0.2/16 -j CNI-HOSTPORT-SETMARK`,
    `-A ${chain} -p tcp -m tcp --dport 8081 -d 192.0.2.1 -s 127.0.0.1 -j CNI-HOSTPORT-SETMARK`,
    `-A ${chain} -p tcp -m tcp --dport 8081 -d 192.0.2.1 -j DNAT --to-destination 10.88.0.2:81`,
    '-A PREROUTING -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT',
    '-A OUTPUT -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT',
    '-A CNI-HOSTPORT-SETMARK -m comment --comment "CNI portfwd masquerade mark" -j MARK --set-xmark 0x2000/0x2000',
    '-A CNI-HOSTPORT-MASQ -m mark --mark 0x2000/0x2000 -j MASQUERADE',
    entry('tcp', '8080,8081,8082'),
    entry('udp', '8053'),
    '-I POSTROUTING -m comment --comment "CNI portfwd requiring masquerade" -j CNI-HOSTPORT-MASQ',
    'COMMIT',
  ])
})

t.test('in IPv6 a port is behind brackets, and the loopback is not forwarded', async t => {
  t.same(inChain({ family: 6, address: 'fd00:88::2/64', mappings: published.mappings.slice(2) }), [
    '-p tcp -m tcp --dport 8082 -d ::1 -s fd00:88::2/64 -j CNI-HOSTPORT-SETMARK',
    '-p tcp -m tcp --dport 8082 -d ::1 -j DNAT --to-destination "[fd00:88::2]:82"',
  ])
})

t.test('without snat nothing is marked; with masqAll everything', async t => {
  const [mapping] = published.mappings
  const one = { mappings: mapping ? [mapping] : [] }
  const dnat = '-p tcp -m tcp --dport 8080 -j DNAT --to-destination 10.88.0.2:80'
  t.same(inChain({ ...one, snat: false }), [dnat])
  t.same(linesOf({ ...one, snat: false }, /MARK|MASQ/), [])
  t.same(inChain({ ...one, masqAll: true }), ['-p tcp -m tcp --dport 8080 -j CNI-HOSTPORT-SETMARK', dnat])
})

t.test('the bit of the mark, and somebody else’s chain that marks', async t => {
  t.match(linesOf({ markMasqBit: 31 }, /xmark/)[0], '0x80000000/0x80000000')
  t.match(linesOf({ markMasqBit: 0 }, /xmark/)[0], '0x1/0x1')
  const external = linesOf({ externalSetMarkChain: 'KUBE-MARK-MASQ' })
  t.match(external.join('\n'), '-s 10.88.0.2/16 -j KUBE-MARK-MASQ')
  t.notMatch(external.join('\n'), /CNI-HOSTPORT-(SETMARK|MASQ)|-N KUBE/)
})

t.test('conditions stand in the rules that lead to the container', async t => {
  const lines = linesOf({ conditions: ['!', '-s', '1.2.3.0/24'] }, /1\.2\.3/)
  t.equal(lines.length, 2)
  t.match(lines[0], '--destination-ports 8080,8081,8082 ! -s 1.2.3.0/24 -j CNI-DN-')
})

t.test('one rule leads to fifteen ports', async t => {
  const mappings = Array.from({ length: 31 }, (_, n) => ({ hostPort: 1000 + n, containerPort: 1, protocol: 'tcp' }))
  const lists = linesOf({ mappings }, /destination-ports/).map(
    line => / (1\d+[\d,]*) -j/.exec(line)?.[1]?.split(',').length,
  )
  t.same(lists, [15, 15, 1])
})

t.test('a comment is cut where iptables takes no more', async t => {
  const [line = ''] = linesOf({ containerId: 'c'.repeat(300) }, /destination-ports/)
  t.equal(/--comment "(.*?[^\\])" /.exec(line)?.[1]?.replaceAll('\\', '').length, 255)
})

t.test('where the shared part stands it is confirmed, and the chain must be new', async t => {
  const text = usual(publishByIptables(published))
  t.match(text, /^\*nat\n(-C [^\n]*\n){5}-N CNI-DN-[^\n]*\n(-A (CNI-DN-|CNI-HOSTPORT-DNAT)[^\n]*\n)+COMMIT\n$/)
})
