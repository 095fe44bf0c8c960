import t from 'tap'
import { publishByIptables } from '../../../lib/kernel/iptables-publish.ts'
import {
  ensureLines,
  hasChain,
  leadingLines,
  leadsTo,
  removeLines,
  restoreText,
  unguarded,
} from '../../../lib/kernel/iptables-text.ts'
import type { Iptables, IptablesChain, Rules } from '../../../lib/kernel/resource.ts'
import { keepsShape } from '../../support/hostile.ts'
import { fresh, usual } from '../../support/rules.ts'

const own = { lifetime: 'own', netns: null, family: 4, table: 'nat' } as const
const chain: IptablesChain = { ...own, kind: 'iptables-chain', chain: 'CNI-1' }
const rule = (chain: string, ...rule: readonly string[]): Iptables => ({ ...own, kind: 'iptables', chain, rule })
const accept: Iptables = { ...rule('CNI-1', '-d', '10.0.0.0/8', '-j', 'ACCEPT'), position: 'first' }
const masquerade = rule('CNI-1', '-j', 'MASQUERADE')
const jump = rule('POSTROUTING', '-s', '10.0.0.1/32', '-j', 'CNI-1')
const all: readonly Rules[] = [chain, accept, masquerade, jump]
const lines = (standing: readonly Rules[], resources = all) =>
  ensureLines(resources, new Set(standing), false).map(({ text }) => text)

t.test('a chain that stands is written anew', async t => {
  t.same(lines([chain, masquerade, jump]), ['-F CNI-1', '-A CNI-1 -d 10.0.0.0/8 -j ACCEPT', '-A CNI-1 -j MASQUERADE'])
})

t.test('a chain that is shared keeps what it has, and gets what it lacks in front or at the end', async t => {
  const joined = [{ ...chain, joined: true } as const, ...all.slice(1)]
  t.same(lines([joined[0] as Rules, masquerade], joined), [
    '-A POSTROUTING -s 10.0.0.1/32 -j CNI-1',
    '-I CNI-1 -d 10.0.0.0/8 -j ACCEPT',
  ])
  t.same(lines([], joined), lines([]), 'and a new one is like any other')
})

t.test('of several rules that come first, the first one is first', async t => {
  const [one, two] = ['1', '2'].map(n => ({ ...rule('FORWARD', '-s', n), position: 'first' }) as const)
  t.same(lines([], [one, two] as Rules[]), ['-I FORWARD -s 2', '-I FORWARD -s 1'])
})

t.test('an own rule without an own chain must be looked for', async t => {
  const lone = rule('CNI-FORWARD', '-s', '10.0.0.1', '-j', 'ACCEPT')
  t.same(unguarded([...all, lone]), [lone])
})

t.test('each table is a transaction, and lines are counted through', async t => {
  const filter: Iptables = { ...rule('FORWARD', '-j', 'DROP'), table: 'filter' }
  const { text, lines } = restoreText(ensureLines([filter, ...all], new Set(), false))
  t.match(text, /^\*nat\n-N CNI-1\n[\s\S]*COMMIT\n\*filter\n-A FORWARD -j DROP\nCOMMIT\n$/)
  text.split('\n').forEach((line, index) => {
    if (line.startsWith('-')) t.equal(lines[index]?.text, line)
  })
  t.equal(restoreText([]).text, '')
})

const saved = `*nat
:POSTROUTING ACCEPT [0:0]
:CNI-1 - [0:0]
-A POSTROUTING -s 10.0.0.1/32 -m comment --comment "name: \\"n\\" id: \\"-j CNI-1\\"" -j CNI-1
-A POSTROUTING -s 10.0.0.2/32 -j CNI-1
-A POSTROUTING -s 10.0.0.3/32 -j CNI-10
COMMIT
`

t.test('the text of iptables-save tells of chains and of what leads to them', async t => {
  t.ok(hasChain(saved, 'CNI-1'))
  t.notOk(hasChain(saved, 'CNI-10'))
  t.ok(leadsTo(saved, 'CNI-10'))
  t.notOk(leadsTo(saved, 'CNI-2'))
})

t.test('what leads to another program’s chain goes in its own words', async t => {
  const leading = (leading: IptablesChain['leading']) =>
    leadingLines(saved, leading ? { ...chain, leading } : chain).map(({ text }) => text)
  t.same(
    leading('all'),
    saved
      .split('\n')
      .slice(3, 5)
      .map(line => line.replace('-A', '-D')),
  )
  t.same(leading(['10.0.0.2/32']), ['-D POSTROUTING -s 10.0.0.2/32 -j CNI-1'])
  t.same(leading(['10.0.0.9/32']), [])
  t.same(removeLines([{ ...chain, leading: 'all' }]), [], 'and is no part of the usual transaction')
})

/** Words as iptables-restore splits a line: quotes hold a word together, and a backslash in them the next character. */
const shape = (script: string): string =>
  script
    .split('\n')
    .map(line => line.match(/"(?:[^"\\]|\\.)*"|\S+/g)?.length ?? 0)
    .join(' ')

t.test('no text of a rule adds a word or a line to a transaction', async t => {
  const published = publishByIptables({
    network: 'n',
    containerId: 'c',
    family: 4,
    address: '10.0.0.2/8',
    mappings: [{ hostPort: 1, containerPort: 2, protocol: 'tcp', hostIP: '10.1.1.1' }],
    snat: true,
    masqAll: false,
    markMasqBit: 1,
    conditions: ['-i', 'eth0'],
  })
  const fixed = ['iptables', 'iptables-chain', 'own', 'kept', 'nat', 'first']
  for (const resource of published) keepsShape<Rules>(t, resource, each => fresh([each]) + usual([each]), shape, fixed)
})
