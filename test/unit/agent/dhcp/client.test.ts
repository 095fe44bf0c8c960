import t from 'tap'
import { clientArguments } from '../../../../lib/agent/dhcp/client.ts'
import type { Kept } from '../../../../lib/ipam/dhcp-leases.ts'

const kept: Kept = {
  version: 1,
  boot: 'boot',
  holder: { network: 'net1', containerId: 'c1', ifName: 'eth0' },
  netns: { path: '/run/netns/c1', id: '4:1' },
  wish: { provide: { 12: '6d65', 61: '0063' }, request: [1, 3] },
  mark: 'name.digits',
}
const manner = { interval: 2, pause: 62, broadcast: false, program: '/state/dhcp-event', environment: {} }

t.test('a client is told what to ask for, and to give its lease back when it ends', async t => {
  const words = '-f -n -R -i eth0 -s /state/dhcp-event -t 4 -T 2 -A 62 -V'.split(' ')
  const options = ['-o', '-O', '1', '-O', '3', '-x', '12:6d65', '-x', '61:0063']
  t.same(clientArguments(kept, manner, undefined), [...words, '', ...options])
  const again = clientArguments(kept, { ...manner, broadcast: true }, '10.1.2.3/24')
  t.same(again, [...words, '', '-B', '-r', '10.1.2.3', ...options])
})
