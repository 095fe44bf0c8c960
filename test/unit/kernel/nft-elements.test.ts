import t from 'tap'
import { dataIn, holds, inTheWay, listedElements, standsIn } from '../../../lib/kernel/nft-elements.ts'
import type { Nft } from '../../../lib/kernel/resource.ts'

const kept = { kind: 'nft', netns: null, family: 'inet', lifetime: 'kept' } as const
const element = (key: string, data?: string) =>
  ({ ...kept, lifetime: 'own', object: 'element', set: 'port4', key, ...(data ? { data } : {}) }) as const

const map = (...elements: readonly string[]) => `table inet fairlead {
	map port4 {
		type inet_proto . inet_service : ipv4_addr . inet_service
		elements = { ${elements.join(',\n\t\t\t     ')} }
	}
}
`

t.test('elements are read as nft lists them, whatever their comments say', async t => {
  const found = listedElements(
    map(
      'tcp . 80 comment "a, : {b} = { x }" : 10.0.0.2 . 8080',
      'udp . 53 : 10.0.0.3 . 53',
      'fd00::1 . sctp . 81 comment "" : fd00::2 . 81',
      '10.0.0.9 comment "x" : goto masq4-16',
      '"veth1" . 02:00:00:00:00:01',
      'tcp . 9000-9009 : 10.0.0.2',
    ),
  )
  t.same(
    [...found],
    [
      ['tcp . 80', '10.0.0.2 . 8080'],
      ['udp . 53', '10.0.0.3 . 53'],
      ['fd00::1 . sctp . 81', 'fd00::2 . 81'],
      ['10.0.0.9', 'goto masq4-16'],
      ['"veth1" . 02:00:00:00:00:01', ''],
      ['tcp . 9000-9009', '10.0.0.2'],
    ],
  )
  t.equal(listedElements('table inet fairlead {\n\tset x {\n\t}\n}\n').size, 0)
})

t.test('numbers of protocols are names', async t => {
  const found = listedElements(map('6 . 80 : 10.0.0.2 . 80', '10.0.0.1 . 17 . 6 : 10.0.0.2 . 132'))
  t.ok(standsIn(found, element('tcp . 80', '10.0.0.2 . 80')))
  t.ok(standsIn(found, element('10.0.0.1 . udp . 6', '10.0.0.2 . 132')))
})

t.test('an element stands where key and data are its own, not where they begin alike', async t => {
  const found = listedElements(map('tcp . 80 : 10.0.0.2 . 8080'))
  t.ok(standsIn(found, element('tcp . 80', '10.0.0.2 . 8080')))
  t.notOk(standsIn(found, element('tcp . 80', '10.0.0.2 . 80')))
  t.notOk(standsIn(found, element('tcp . 8', '10.0.0.2 . 8080')))
  t.equal(dataIn(found, element('tcp . 81')), undefined)
})

t.test('ports that overlap are in the way of a range', async t => {
  const found = listedElements(
    map('tcp . 8000-8100 : 10.0.0.2', 'tcp . 9000 : 10.0.0.2', '10.0.0.1 . tcp . 8000 : 10.0.0.2'),
  )
  const rows = { '8100-8200': ['tcp . 8000-8100'], '8101-8999': [], '7000-9999': ['tcp . 8000-8100', 'tcp . 9000'] }
  for (const [ports, keys] of Object.entries(rows)) t.same(inTheWay(found, element(`tcp . ${ports}`, '10.0.0.3')), keys)
  t.same(inTheWay(found, element('tcp . 8000-8100', '10.0.0.2')), [], 'our own is not')
  t.same(inTheWay(found, element('tcp . 9000', '10.0.0.3')), ['tcp . 9000'])
  t.same(inTheWay(found, element('udp . 8000-8100', '10.0.0.3')), [])
})

t.test('a chain holds its hook and its rules, no more and no less', async t => {
  const chain = (hook: string, rules: readonly string[], change = {}) =>
    ({ ...kept, object: 'chain', name: 'c', hook, rules, ...change }) as Exclude<Nft, { object: 'element' }>
  const listing = (...lines: readonly string[]) =>
    `table inet fairlead {\n\tchain c {\n${lines.map(line => `\t\t${line}\n`).join('')}\t}\n}\n`
  const hook = 'type nat hook output priority -100; policy accept;'
  t.ok(holds(chain(hook, ['accept']), listing(hook, 'accept')))
  t.ok(holds(chain(hook, ['accept']), listing(hook.replace('-100', 'dstnat'), 'accept')), 'a priority by its name')
  t.notOk(holds(chain(hook, ['accept']), listing(hook.replace('-100', '0'), 'accept')))
  t.notOk(holds(chain(hook, ['accept']), listing(hook)))
  t.notOk(holds(chain(hook, ['accept']), listing(hook, 'drop', 'accept')))
  t.notOk(holds(chain(hook, ['accept']), ''))
  const users = chain(hook, ['meta nfproto ipv4 iifname up0 fib daddr type local jump x'], { fixed: 'fib daddr' })
  t.ok(holds(users, listing(hook, 'meta nfproto ipv4 iifname "up0" fib daddr type local jump x')))
  t.notOk(holds(users, listing(hook, 'meta nfproto ipv4 iifname "up0" fib daddr type local jump y')))
})
