import type { Test } from 'tap'
import { nameOf, type Resource } from '../../../lib/kernel/resource.ts'
import { fairlead } from '../host.ts'
import { sample } from '../slowness.ts'
import { settles } from '../state.ts'
import { damages } from './damage.ts'
import { type Case, recordOf, type Stage, silent, staged } from './stage.ts'

/** A damage to an object, by its place in the record: in the next one an address or a name may be another. */
interface Spot {
  readonly place: number
  readonly kind: number
  readonly lifetime: Resource['lifetime']
}

async function spotsOf(stage: Stage): Promise<readonly Spot[]> {
  const standing = await stage.attach()
  const { resources } = await recordOf(stage)
  await standing.del()
  await stage.leave()
  return resources.flatMap((resource, place) =>
    [...damages(resource, stage.each).keys()].map(kind => ({ place, kind, lifetime: resource.lifetime })),
  )
}

/** Asserts that CHECK names what is damaged, and that DEL frees the rest. */
async function misses(t: Test, stage: Stage, { place, kind }: Spot): Promise<void> {
  const standing = await stage.attach()
  const resource = (await recordOf(stage)).resources[place]
  const damage = resource && damages(resource, stage.each)[kind]
  if (!damage) throw new Error(`the description has become another: nothing at ${place}`)
  await stage.host.sh(damage[1])
  const { code, error } = await standing.call('CHECK')
  const told = `${error?.msg} ${error?.details ?? ''}`
  t.match({ code, told }, { code: 1, told: nameOf(resource) }, `${nameOf(resource)} ${damage[0]}: ${told}`)
  await standing.del()
  await stage.leave()
}

/** Asserts that of each object that can be missing. */
export async function missesEach(t: Test, stage: Stage): Promise<void> {
  const spots = await spotsOf(stage)
  const lasting = spots.filter(({ lifetime }) => lifetime === 'kept')
  for (const spot of sample(spots.filter(each => !lasting.includes(each)))) await misses(t, stage, spot)
  const last = await stage.attach()
  t.match(await last.call('CHECK'), silent, 'the next ADD makes all of it again')
  await last.del()
  await stage.leave()
  await settles(t, stage.host, stage.empty, 'nothing is left')
  // What is there for good, an ADD takes for granted: the damage would stay.
  for (const spot of sample(lasting)) await staged(t, stage.each, other => misses(t, other, spot))
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
    const { code, stdout, stderr } = await stage.host.exec([fairlead, 'reconcile'])
    t.match({ code, stdout }, { code: 0, stdout: nameOf(resource) }, `reconcile brings back ${what}: ${stderr}`)
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
      const refused = { code: 1, error: { code: 7, msg: /prevResult/ } }
      t.match(await standing.call('CHECK', { prevResult: undefined }), refused)
      await standing.del()
      t.match(await standing.call('CHECK'), { code: 1 }, 'after DEL it fails')
    }),
  )
  t.test(`CHECK of ${each.name} names what is missing`, t => staged(t, each, stage => missesEach(t, stage)))
  t.test(`reconcile brings back what ${each.name} has on the host`, t => staged(t, each, stage => bringsBack(t, stage)))
}
