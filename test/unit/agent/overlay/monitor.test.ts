import t from 'tap'
import { isAddressLost, newsIn } from '../../../../lib/agent/overlay/monitor.ts'

const tunnel = (flags: string) =>
  `3: flv7: <${flags}> mtu 1450 qdisc noqueue master flb7 state UNKNOWN group default \\    link/ether 6a:2e:e9:e3:8f:90 brd ff:ff:ff:ff:ff:ff`

const wanted: Readonly<Record<string, readonly string[]>> = {
  flb7: ['10.200.2.5', 'fd20::2:5'],
  flv7: ['02:42:0a:c8:02:05'],
}
const news = () => newsIn((dev, text) => wanted[dev]?.includes(text) ?? false)

for (const [what, line] of Object.entries({
  'the end of a neighbour': 'Deleted 10.200.2.5 dev flb7 FAILED proto 117 ',
  'the end of a neighbour in IPv6': 'Deleted fd20::2:5 dev flb7 lladdr 02:42:0a:c8:02:05 PERMANENT proto 117 ',
  'the end of an entry': 'Deleted 10.99.0.2 dev flv7 lladdr 02:42:0a:c8:02:05 REACHABLE NOARP ',
  "the end of its bridge's": 'Deleted dev flv7 lladdr 02:42:0a:c8:02:05 NOARP ',
  'another address': '2: eth0    inet 10.99.0.77/24 scope global eth0\\       valid_lft forever preferred_lft forever',
  'the end of an address': 'Deleted 2: eth0    inet 10.99.0.2/24 scope global eth0',
  'a link': tunnel('BROADCAST,MULTICAST,UP,LOWER_UP'),
  'the end of a link': `Deleted ${tunnel('BROADCAST,MULTICAST')}`,
}))
  t.test(`${what} is news`, async t => t.equal(news()(line), 'all'))

for (const [what, line] of Object.entries({
  'a neighbour that comes': '10.200.2.5 dev flb7 lladdr 02:42:0a:c8:02:05 PERMANENT proto 117 ',
  'the end of one that nobody needs': 'Deleted 10.200.9.5 dev flb7 lladdr 02:42:0a:c8:09:05 PERMANENT proto 117 ',
  'the end of one elsewhere': 'Deleted 10.200.2.5 dev eth0 lladdr 02:42:0a:c8:02:05 REACHABLE ',
  'an entry that comes': '10.99.0.2 dev flv7 lladdr 02:42:0a:c8:02:05 REACHABLE NOARP ',
  "a container's link": '9: veth0123456789a@if2: <BROADCAST,UP> mtu 1450 master flb7 state forwarding ',
}))
  t.test(`${what} is none`, async t => t.equal(news()(line), undefined))

t.test('a tunnel that is as it was may have been told something else, by us or by a plugin', async t => {
  const newsOf = news()
  const [up, down] = [tunnel('BROADCAST,MULTICAST,UP,LOWER_UP'), tunnel('BROADCAST,MULTICAST')]
  const brief = up.replace('qdisc noqueue ', '')
  const lines = [up, brief, up, down, up, up]
  t.same(lines.map(newsOf), ['all', 'told', 'told', 'all', 'all', 'told'])
  const other = up.replace('flv7:', 'eth0:')
  t.same([other, other].map(newsOf), ['all', undefined], 'another link has nothing to tell')
})

for (const [line, is] of [
  ['Deleted 2: eth0    inet 10.99.0.2/24 scope global eth0', true],
  ['Deleted 2: eth0    inet6 fd99::2/64 scope global nodad ', true],
  ['2: eth0    inet 10.99.0.2/24 scope global eth0', false],
  ['Deleted 5: flb7    inet 10.200.1.1/16 scope global flb7', false],
  ['Deleted 9: veth0123456789a    inet 10.1.2.1/32 scope global veth0123456789a', false],
  ['Deleted 10.200.2.5 dev flb7 FAILED proto 117 ', false],
] as const)
  t.test(`an address of this host ${is ? 'is' : 'is not'} lost by: ${line}`, async t =>
    t.equal(isAddressLost(line), is),
  )
