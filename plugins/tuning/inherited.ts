/** What the Go tuning plugin leaves of an attachment: a file with the values of before, and no record. */
import { isObject, type JsonObject, pick, pickString } from '../../lib/cni/json.ts'
import type { Request } from '../../lib/cni/request.ts'
import type { Texts } from '../../lib/cnm/model.ts'
import type { Attribute, Resource } from '../../lib/kernel/resource.ts'
import { isToken } from '../../lib/kernel/token.ts'

const defaultDirectory = '/run/cni/tuning'

/** The file, from a configuration that need not be right otherwise. */
export function backupOf({ conf, containerId, ifName }: Request): string {
  const asked = pickString(conf, 'dataDir') ?? ''
  return `${asked.startsWith('/') ? asked : defaultDirectory}/${containerId}_${ifName}.json`
}

function parsed(text: string | undefined): JsonObject {
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    return isObject(value) ? (value as JsonObject) : {}
  } catch {
    return {}
  }
}

function wordOf(backup: JsonObject, key: string): string | undefined {
  const value = pick(backup, key)
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0 ? String(value) : undefined
  return typeof value === 'string' && isToken(value) ? value : undefined
}

const attributes = [
  ['mtu', 'mtu'],
  ['mac', 'address'],
  ['promisc', 'promisc'],
  ['allmulti', 'allmulticast'],
  ['txQLen', 'txqueuelen'],
] as const satisfies readonly (readonly [string, Attribute['name']])[]

/** The attributes that come back, whatever they are now: so the Go plugin does it. */
export function inherited(request: Request, files: Texts): readonly Resource[] {
  const backup = parsed(files.get(backupOf(request)))
  const { netns, ifName: dev } = request
  // Resources are removed last first.
  return attributes
    .flatMap(([key, name]) => {
      const was = wordOf(backup, key)
      return was === undefined ? [] : [{ kind: 'attribute', lifetime: 'own', netns, dev, name, was } as const]
    })
    .toReversed()
}
