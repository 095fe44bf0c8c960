/** What is wrong with the configuration of one plugin of a network. */
import type * as z from 'zod/mini'
import { names } from '../../../plugins/index.ts'
import { examine } from '../../cni/decode.ts'
import { CniError } from '../../cni/error.ts'
import { isObject, type JsonObject, pick } from '../../cni/json.ts'
import type { Request } from '../../cni/request.ts'
import { requestAbout } from '../../cni/request-about.ts'
import { meant } from '../../cni/unknown.ts'
import { type Finding, fromError, fromUnknown } from './finding.ts'
import { readerOf } from './readers.ts'

/** A plugin of a list, and where it stands there. */
export interface Placed {
  readonly conf: JsonObject
  /** `plugins[0]`; empty for a file that is one plugin's. */
  readonly path: string
  readonly network: string
}

const under = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`)

/** What a runtime would ask first. */
const example = { operation: 'ADD', containerId: 'example', netns: '/run/netns/example', ifName: 'eth0' } as const

const requestOf = ({ conf, network }: Placed): Request =>
  requestAbout(network, conf, { ...example, text: JSON.stringify(conf) })

function byKeys(schema: z.ZodMiniType, value: JsonObject, path: string): readonly Finding[] {
  const { problems, unknown } = examine(schema, value, path)
  const errors = problems.map(each => ({ severity: 'error', path: each.path || path, text: each.text }) as const)
  return [...errors, ...unknown.map(fromUnknown)]
}

/** Keys first: rules between keys that are wrong would only repeat it. */
function looked(keys: readonly Finding[], path: string, read: () => unknown): readonly Finding[] {
  if (keys.some(({ severity }) => severity === 'error')) return keys
  try {
    read()
    return keys
  } catch (error) {
    if (error instanceof CniError) return [fromError(path, error), ...keys]
    throw error
  }
}

function stranger(type: string, path: string): Finding {
  const likely = meant(type, names)
  const text = `"${type}" is no plugin of fairlead: it was not looked at${likely ? `. Did you mean "${likely}"?` : ''}`
  return { severity: 'note', path, text }
}

/** What an IPAM of ours gets from the runtime alone is not in a file. */
const needsRuntime = (type: string, conf: JsonObject): boolean =>
  type === 'static' &&
  isObject(pick(conf, 'capabilities')) &&
  pick(pick(conf, 'capabilities') as JsonObject, 'ips') === true

async function ofIpam(placed: Placed): Promise<readonly Finding[]> {
  const { conf, path } = placed
  const ipam = pick(conf, 'ipam')
  if (!isObject(ipam)) return []
  const type = pick(ipam, 'type')
  const where = under(path, 'ipam')
  if (typeof type !== 'string' || type === '') return []
  const reader = await readerOf(type)
  if (!reader)
    return [{ severity: 'note', path: where, text: `"${type}" is no plugin of fairlead: it was not looked at` }]
  if (!reader.ipamSchema)
    return [{ severity: 'error', path: under(where, 'type'), text: `"${type}" is no IPAM plugin` }]
  // The overlay gives host-local its ranges itself, and has keys of its own there.
  if (pick(conf, 'type') === 'vxlan-overlay') return byKeys(reader.ipamSchema, ipam, where)
  const read = () => needsRuntime(type, conf) || reader.readOptions(requestOf(placed))
  return looked(byKeys(reader.ipamSchema, ipam, where), where, read)
}

/** What is wrong with a plugin's configuration, by its own keys and rules and those of its IPAM. */
export async function pluginFindings(placed: Placed): Promise<readonly Finding[]> {
  const { conf, path } = placed
  const type = String(pick(conf, 'type'))
  const reader = await readerOf(type)
  if (!reader) return [stranger(type, path)]
  if (reader.ipamSchema) return [{ severity: 'error', path, text: `"${type}" is an IPAM plugin: name it in "ipam"` }]
  const keys = reader.schema ? byKeys(reader.schema, conf, path) : []
  return [...looked(keys, path, () => reader.readOptions(requestOf(placed))), ...(await ofIpam(placed))]
}
