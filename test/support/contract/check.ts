/** CHECK misses each single object, and reconcile brings back those of the host. */
import { dirname } from 'node:path'
import type { Test } from 'tap'
import { nameOf, type Resource } from '../../../lib/kernel/resource.ts'
import { bin } from '../host.ts'
import { settles } from '../state.ts'
import { type Damage, damages } from './damage.ts'
import { type Case, recordOf, type Stage, silent, staged } from './stage.ts'

/** The record of a first attachment tells what there is; that of the next ones differs in addresses at most. */
async function places(stage: Stage): Promise<readonly (readonly Damage[])[]> {
  const standing = await stage.attach()
  const { resources } = await recordOf(stage)
  const found = resources.map(resource => damages(resource, stage.each))
  await standing.del()
  await standing.leave()
  return found
}

/** Attaches, damages the object at a place of the description, and hands both on. */
async function damaged(
  stage: Stage,
  place: number,
  kind: number,
  body: (standing: Awaited<ReturnType<Stage['attach']>>, resource: Resource, what: string) => Promise<void>,
): Promise<void> {
  const standing = await stage.attach()
  const resource = (await recordOf(stage)).resources[place]
  const damage = resource && damages(resource, stage.each)[kind]
  if (!damage) throw new Error(`the description has become another: nothing at ${place}`)
  await stage.host.sh(damage[1])
  await body(standing, resource, `${nameOf(resource)} ${damage[0]}`)
  await standing.del()
  await standing.leave()
}

/** Asserts that CHECK names whatever is damaged, and that DEL frees the rest. */
async function missesEach(t: Test, stage: Stage): Promise<void> {
  for (const [place, kinds] of (await places(stage)).entries()) {
    for (const kind of kinds.keys()) {
      await damaged(stage, place, kind, async (standing, resource, what) => {
        const { code, error } = await standing.call('CHECK')
        t.equal(code, 1, what)
        const told = `${error?.msg} ${error?.details ?? ''}`
        t.ok(told.includes(nameOf(resource)), `${what}: ${told}`)
      })
    }
  }
  const last = await stage.attach()
  t.match(await last.call('CHECK'), silent, 'the next ADD makes all of it again')
  await last.del()
  await last.leave()
  await settles(t, stage.host, stage.empty, 'nothing is left')
}

const isHosts = (resource: Resource | undefined): boolean => resource?.netns === null
/** It goes when its sandbox goes, and nobody can bring it back. */
const isPair = (resource: Resource | undefined): boolean => resource?.kind === 'link' && resource.peer !== undefined

/** Asserts that reconcile brings back what is damaged on the host's side. */
async function bringsBack(t: Test, stage: Stage): Promise<void> {
  const standing = await stage.attach()
  const { resources } = await recordOf(stage)
  for (const resource of resources.filter(each => isHosts(each) && !isPair(each))) {
    const [damage] = damages(resource, stage.each)
    if (!damage) continue
    const what = `${nameOf(resource)} ${damage[0]}`
    await stage.host.sh(damage[1])
    t.match(await standing.call('CHECK'), { code: 1 }, what)
    const { code, stdout, stderr } = await stage.host.exec([`${dirname(bin)}/fairlead`, 'reconcile'])
    t.equal(code, 0, `${what}: reconcile succeeds: ${stderr}`)
    t.ok(stdout.includes(nameOf(resource)), `and names it: ${stdout}`)
    t.match(await standing.call('CHECK'), silent, 'and all stands')
  }
  await standing.del()
  await settles(t, stage.host, standing.before, 'nothing is left')
}

/** Registers the tests of CHECK and reconcile. */
export function checkContract(t: Test, each: Case): void {
  t.test(`CHECK of ${each.name} is silent where all stands, and asks for prevResult`, t =>
    staged(t, each, async stage => {
      const standing = await stage.attach()
      t.match(await standing.call('CHECK'), silent)
      t.match(await standing.call('CHECK', { prevResult: undefined }), {
        code: 1,
        error: { code: 7, msg: /prevResult/ },
      })
      await standing.del()
      t.match(await standing.call('CHECK'), { code: 1 }, 'after DEL it fails')
    }),
  )
  t.test(`CHECK of ${each.name} names what is missing`, t => staged(t, each, stage => missesEach(t, stage)))
  t.test(`reconcile brings back what ${each.name} has on the host`, t => staged(t, each, stage => bringsBack(t, stage)))
}
