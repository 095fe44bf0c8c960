/** Wishes: sysctls that nothing depends on. Where /proc/sys is read-only, as for users without privileges, none comes true. */
import { enter } from './netns.ts'
import type { Netns, Resource, Setting } from './resource.ts'
import { pathOf, wrongHostSettings, wrongSettings } from './setting.ts'
import type { Tools } from './tool.ts'

/** The same of links that are to come: it is there whatever link has gone. */
const ofAny = (key: string): string => key.replace(/^(net\/ipv[46]\/(?:conf|neigh)\/)[^/]+/, '$1default')

/** True where the sysctl could be set, whatever it is now. */
async function isOpen(tools: Tools, { netns, key }: Setting): Promise<boolean> {
  const test = ['test', '-w', pathOf(ofAny(key))] as const
  return (await tools.run(netns === null ? test : [...enter(netns), ...test])).code === 0
}

const isWish = (resource: Resource): resource is Setting => resource.kind === 'setting' && resource.wish === true

/** Those of the settings that do not hold. Throws KernelError where nothing can be read. */
export const wrongIn = (tools: Tools, netns: Netns, settings: readonly Setting[]): Promise<Setting[]> =>
  netns === null ? wrongHostSettings(tools, settings) : wrongSettings(tools, netns, settings)

/** Settings of one namespace that do not hold, without wishes where none could be set: one tells for all. */
export async function withoutVain(tools: Tools, wrong: readonly Setting[]): Promise<readonly Setting[]> {
  const [first] = wrong.filter(isWish)
  return first && !(await isOpen(tools, first)) ? wrong.filter(each => !isWish(each)) : wrong
}

/** Of some resources, the wishes that have not come true. Throws KernelError. */
export async function unfulfilled(tools: Tools, resources: readonly Resource[]): Promise<ReadonlySet<Resource>> {
  const wishes = resources.filter(isWish)
  const places = [...new Set(wishes.map(({ netns }) => netns))]
  const wrong = places.map(netns =>
    wrongIn(
      tools,
      netns,
      wishes.filter(each => each.netns === netns),
    ),
  )
  return new Set((await Promise.all(wrong)).flat())
}
