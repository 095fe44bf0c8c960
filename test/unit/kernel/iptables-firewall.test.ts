import t from 'tap'
import { type Allowed, allowByIptables } from '../../../lib/kernel/iptables-firewall.ts'
import { removeLines } from '../../../lib/kernel/iptables-text.ts'
import { fresh } from '../../support/rules.ts'

const allowed: Allowed = {
  family: 4,
  addresses: ['10.88.0.2'],
  adminChain: 'CNI-ADMIN',
  ingressPolicy: 'open',
  bridge: 'cni0',
}
const open = `-A CNI-FORWARD -d 10.88.0.2/32 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A CNI-FORWARD -s 10.88.0.2/32 -j ACCEPT
-I CNI-FORWARD -m comment --comment "CNI firewall plugin admin overrides" -j CNI-ADMIN
-I FORWARD -m comment --comment "CNI firewall plugin rules" -j CNI-FORWARD
`
const any = '-m comment --comment "CNI firewall plugin rules (ingressPolicy: same-bridge|isolated)"'
const of = (policy: string) => `-m comment --comment "CNI firewall plugin rules (ingressPolicy: ${policy})"`

t.test('addresses are let out, and answers in', async t => {
  t.equal(fresh(allowByIptables(allowed)), `*filter\n-N CNI-FORWARD\n-N CNI-ADMIN\n${open}COMMIT\n`)
  const six = fresh(allowByIptables({ ...allowed, family: 6, addresses: ['fd00::2'] }))
  t.match(six, '-s fd00::2/128 -j ACCEPT')
})

t.test('the administrator’s chain has the name that is wished', async t => {
  const text = fresh(allowByIptables({ ...allowed, adminChain: 'MYADMIN' }))
  t.match(text, /-N MYADMIN\n/)
  t.match(text, /overrides" -j MYADMIN\n/)
})

t.test('a bridge is closed to other bridges before anything else', async t => {
  const text = fresh(allowByIptables({ ...allowed, ingressPolicy: 'same-bridge' }))
  t.match(text, `-A CNI-ISOLATION-STAGE-1 ${any} -j RETURN\n-A CNI-ISOLATION-STAGE-2 ${any} -j RETURN\n`)
  t.match(text, `-I CNI-ISOLATION-STAGE-2 -o cni0 ${any} -j DROP\n`)
  t.match(text, `-I CNI-ISOLATION-STAGE-1 -i cni0 ! -o cni0 ${of('same-bridge')} -j CNI-ISOLATION-STAGE-2\n`)
  t.match(text, `-I FORWARD ${any} -j CNI-ISOLATION-STAGE-1\nCOMMIT\n`)
  t.notMatch(text, '-i cni0 -o cni0')
})

t.test('isolated containers do not reach each other either', async t => {
  const text = fresh(allowByIptables({ ...allowed, ingressPolicy: 'isolated' }))
  const within = `-I CNI-ISOLATION-STAGE-1 -i cni0 -o cni0 ${of('isolated')} -j DROP\n`
  const between = `-I CNI-ISOLATION-STAGE-1 -i cni0 ! -o cni0 ${of('isolated')} -j CNI-ISOLATION-STAGE-2\n`
  t.match(text, `${between}${within}`)
})

t.test('only what is an endpoint’s own goes with it', async t => {
  const lines = removeLines(allowByIptables({ ...allowed, ingressPolicy: 'isolated' })).map(({ text }) => text)
  t.same(
    lines,
    open
      .split('\n')
      .slice(0, 2)
      .map(line => line.replace('-A', '-D')),
  )
})
