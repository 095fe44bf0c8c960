import t from 'tap'
import { planOf } from '../../../lib/cli/install/plan.ts'

const wish = (name: string, identity = `new ${name}`) => ({ name, identity })
const manifest = (...names: readonly string[]) => ({
  files: Object.fromEntries(names.map(name => [name, [`old ${name}`]])),
  made: [],
})

t.test('what is absent is made, what is ours updated, what is right left', async t => {
  const seen: Readonly<Record<string, string>> = { bridge: 'old bridge', tap: 'new tap' }
  const { steps, foreign } = planOf(
    [wish('fairlead'), wish('bridge'), wish('tap')],
    manifest('bridge'),
    name => seen[name],
    false,
  )
  t.same(steps, [
    { action: 'make', name: 'fairlead' },
    { action: 'update', name: 'bridge' },
  ])
  t.same(foreign, [])
})

t.test('a file of somebody else is in the way, unless it may be replaced', async t => {
  const plan = (replace: boolean) => planOf([wish('bridge'), wish('tap')], manifest('tap'), () => 'theirs', replace)
  t.same(plan(false).foreign, ['bridge', 'tap'], 'also where one of ours stood before')
  t.same(plan(true).foreign, [])
  t.same(
    plan(true).steps.map(({ action }) => action),
    ['replace', 'replace'],
  )
})

t.test('a directory is in the way, whatever may be replaced', async t => {
  const seen = (name: string) => (name === 'vlan' ? 'directory' : 'theirs')
  for (const replace of [false, true]) {
    t.same(planOf([wish('bridge'), wish('vlan')], manifest(), seen, replace).directories, ['vlan'])
  }
  t.same(planOf([], manifest('vlan'), seen, true).directories, [], 'unless nothing is to stand there any more')
})

t.test('a file that is not wanted any more goes, unless somebody has changed it', async t => {
  const seen: Readonly<Record<string, string>> = { bridge: 'old bridge', tap: 'theirs' }
  const { steps, foreign } = planOf([], manifest('bridge', 'tap', 'gone'), name => seen[name], false)
  t.same(steps, [
    { action: 'remove', name: 'bridge' },
    { action: 'leave', name: 'tap' },
  ])
  t.same(foreign, [])
})
