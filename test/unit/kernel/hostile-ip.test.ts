import t from 'tap'
import { addLines, removeLines } from '../../../lib/kernel/ip.ts'
import type {
  Address,
  Attribute,
  Displaced,
  Link,
  Membership,
  MovedLink,
  Route,
  Rule,
} from '../../../lib/kernel/resource.ts'
import { ruleLine } from '../../../lib/kernel/rule.ts'
import { keepsShape, words } from '../../support/hostile.ts'

const netns = '/run/netns/a'
const link: Link = {
  kind: 'link',
  lifetime: 'own',
  netns: null,
  name: 'veth1',
  type: 'veth',
  peer: { netns, name: 'eth0', mac: '02:00:00:00:00:01' },
  mac: '02:00:00:00:00:02',
  alias: 'fairlead:x',
  master: 'br0',
  port: { hairpin: true, isolated: true },
  quiet: true,
  up: true,
}
const sandbox = { lifetime: 'own', netns, dev: 'eth0' } as const
const address: Address = { ...sandbox, kind: 'address', address: '10.9.0.2/24', replaces: ['10.8.0.2/24'] }
const attribute: Attribute = { ...sandbox, kind: 'attribute', name: 'mtu', value: '1400', was: '1500' }
const route: Route = { ...sandbox, kind: 'route', dst: '0.0.0.0/0', via: '10.9.0.1', src: '10.9.0.2', mtu: 1400 }
const tap: Link = {
  kind: 'link',
  lifetime: 'own',
  netns,
  name: 'eth0',
  type: 'tun',
  options: { mode: 'tap', user: '1000' },
  up: true,
}
const original = { type: 'veth', index: 7, mtu: 1500, up: true, alias: '', master: '', addresses: [] }
const mac = '02:00:00:00:00:01'
const moved: MovedLink = {
  kind: 'moved-link',
  lifetime: 'own',
  netns,
  name: 'eth0',
  mac,
  was: { ...original, name: 'ens5', mac, permaddr: mac },
}

const gone: Displaced = { kind: 'displaced', lifetime: 'own', netns, what: { ...route, table: 254, protocol: 3 } }
const member: Membership = { ...sandbox, kind: 'membership', master: 'vrf-blue' }
const rule: Rule = { kind: 'rule', lifetime: 'own', netns, from: '10.9.0.2', table: 100 }

// What a resource is chooses the code, and never gets into a script.
const fixed = ['link', 'address', 'route', 'attribute', 'moved-link', 'tun', 'own', 'membership', 'displaced', 'rule']

for (const resource of [link, tap, moved, address, route, attribute, gone, member]) {
  t.test(`no text of a ${resource.kind} adds a word to the batch that makes it`, async t => {
    keepsShape(
      t,
      resource,
      each =>
        addLines(each, undefined)
          .map(({ text }) => text)
          .join('\n'),
      words,
      fixed,
    )
  })

  if (resource.kind === 'attribute' || resource.kind === 'moved-link') continue
  t.test(`no text of a ${resource.kind} adds a word to the line that removes it`, async t => {
    keepsShape(
      t,
      resource,
      each =>
        removeLines(each)
          .map(({ text }) => text)
          .join('\n'),
      words,
      fixed,
    )
  })
}

t.test('no text of a rule adds a word to the lines that make and remove it', async t => {
  for (const verb of ['add', 'del'] as const) keepsShape(t, rule, each => ruleLine(verb, each), words, fixed)
})
