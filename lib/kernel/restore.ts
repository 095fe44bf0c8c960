/**
 * Values that come back when what set them goes: each only where it still is what we have set. A sandbox is its
 * container's own: a namespace that is gone, and a value that the kernel refuses to take back there, are fine.
 */
import { attributeLine, attributeOf } from './attribute.ts'
import { type Attribute, KernelError, type Netns, nameOf, type Resource, type Setting } from './resource.ts'
import { readHostSettings, readSettings, writeHostSetting, writeSettings } from './setting.ts'
import { snapshot } from './snapshot.ts'
import { sameValue } from './sysctl-value.ts'
import { together } from './together.ts'
import { faultOf, type Tools } from './tool.ts'

type Back<T> = T & { readonly was: string }

/** True for a resource that is given back its value of before. */
export const remembers = (resource: Resource): resource is Back<Setting | Attribute> =>
  (resource.kind === 'setting' || resource.kind === 'attribute') &&
  resource.lifetime === 'own' &&
  resource.was !== undefined

async function restoreAttributes(tools: Tools, netns: Netns, attributes: readonly Back<Attribute>[]): Promise<void> {
  const names = attributes.map(({ dev }) => dev)
  const links = await snapshot(tools, netns, names)
  const changed = attributes.filter(({ dev, name, value, was }) => {
    const link = links.get(dev)
    const now = link && attributeOf(link, name)
    return now !== undefined && now !== was && (value === undefined || now === value)
  })
  if (changed.length === 0) return
  const lines = changed.map(attribute => attributeLine(attribute, attribute.was))
  const { complaints } = await tools.ip(netns, lines)
  const refused = complaints.find(({ text }) => netns === null && faultOf(text) !== 'absent')
  if (refused) throw new KernelError(`${lines[refused.index]}: ${refused.text}`, faultOf(refused.text))
}

/** One of all interfaces writes over those of each, so it comes back first. */
const isGeneral = ({ key }: Setting): boolean => /\/(all|default)\/|\/ip_forward$/.test(key)

/** A namespace that is gone has no values. */
async function valuesIn(tools: Tools, netns: string, keys: readonly string[]): Promise<ReadonlyMap<string, string>> {
  try {
    return await readSettings(tools, netns, keys)
  } catch (error) {
    if (error instanceof KernelError && error.fault === 'absent') return new Map()
    throw error
  }
}

async function restoreSettings(tools: Tools, netns: Netns, settings: readonly Back<Setting>[]): Promise<void> {
  const keys = settings.map(({ key }) => key)
  const now = netns === null ? await readHostSettings(tools, keys) : await valuesIn(tools, netns, keys)
  const changed = settings.filter(
    ({ key, value, was }) => sameValue(now.get(key), value) && !sameValue(now.get(key), was),
  )
  const ordered = [...changed.filter(isGeneral), ...changed.filter(each => !isGeneral(each))]
  const back = ordered.map(setting => ({ ...setting, value: setting.was }))
  if (netns !== null) await writeSettings(tools, netns, back)
  else for (const setting of back) await restoreOnHost(tools, setting)
}

async function restoreOnHost(tools: Tools, setting: Setting): Promise<void> {
  const why = await writeHostSetting(tools, setting)
  if (why !== undefined) throw new KernelError(`cannot restore ${nameOf(setting)}: ${why}`, 'denied', setting)
}

/**
 * Gives back what the resources remember.
 *
 * @throws KernelError for a tool that cannot run, and for what the host's kernel refuses
 */
export async function restore(tools: Tools, resources: readonly Resource[]): Promise<void> {
  const remembering = resources.filter(remembers)
  const work = [...new Set(remembering.map(({ netns }) => netns))].map(async netns => {
    const here = remembering.filter(each => each.netns === netns)
    const attributes = here.filter(each => each.kind === 'attribute')
    const settings = here.filter(each => each.kind === 'setting')
    if (attributes.length > 0) await restoreAttributes(tools, netns, attributes)
    if (settings.length > 0) await restoreSettings(tools, netns, settings)
  })
  await together(...work)
}
