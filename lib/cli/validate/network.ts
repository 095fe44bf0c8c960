/** What is wrong with the file of a network, a list or a single plugin (CNI specification 1.1.0, section 1). */
import { kindOf } from '../../../plugins/index.ts'
import { CniError } from '../../cni/error.ts'
import { isObject, type Json, type JsonObject, parseObject, pick } from '../../cni/json.ts'
import { networkName, versionOf } from '../../cni/request.ts'
import { isTolerated, meant } from '../../cni/unknown.ts'
import { gate, versions } from '../../cni/version.ts'
import { type Finding, fromError, fromUnknown } from './finding.ts'
import { type Placed, pluginFindings } from './plugin.ts'

const capabilities = ['portMappings', 'ipRanges', 'bandwidth', 'dns', 'ips', 'mac', 'infinibandGUID', 'deviceID']
const runtimeCapabilities = ['aliases', 'cgroupPath', 'io.kubernetes.cri.pod-annotations']

/** What a check that throws has to say. */
function told(path: string, check: () => unknown): readonly Finding[] {
  try {
    check()
    return []
  } catch (error) {
    if (error instanceof CniError) return [fromError(path, error)]
    throw error
  }
}

function ofCapabilities({ conf, path }: Placed): readonly Finding[] {
  const value = pick(conf, 'capabilities')
  if (!isObject(value)) return []
  const unknown = Object.keys(value).filter(each => ![...capabilities, ...runtimeCapabilities].includes(each))
  const where = path === '' ? 'capabilities' : `${path}.capabilities`
  return unknown.map(each => fromUnknown({ path: `${where}.${each}`, meant: meant(each, capabilities) }))
}

/** A chained plugin adds to what one before it made. */
function ofPlace({ conf, path }: Placed, index: number): readonly Finding[] {
  const type = String(pick(conf, 'type'))
  if (index > 0 || kindOf(type) !== 'chained') return []
  return [{ severity: 'error', path, text: `"${type}" adds to an interface: put it behind the plugin that makes one` }]
}

interface Listed {
  readonly placed: readonly Placed[]
  readonly findings: readonly Finding[]
}

function ofEntry(entry: Json, path: string, network: string): Listed {
  const typed = isObject(entry) && typeof pick(entry, 'type') === 'string' && pick(entry, 'type') !== ''
  if (typed) return { placed: [{ conf: entry, path, network }], findings: [] }
  return { placed: [], findings: [{ severity: 'error', path, text: 'must be an object with a string "type"' }] }
}

function listed(file: JsonObject, network: string): Listed {
  const plugins = pick(file, 'plugins')
  if (plugins === undefined && pick(file, 'type') !== undefined) return ofEntry(file, '', network)
  if (!Array.isArray(plugins) || plugins.length === 0) {
    const text = 'must be a list with a plugin at least'
    return { placed: [], findings: [{ severity: 'error', path: 'plugins', text }] }
  }
  const entries = plugins.map((entry, index) => ofEntry(entry, `plugins[${index}]`, network))
  const known = ['cniVersion', 'cniVersions', 'name', 'plugins']
  const strange = Object.keys(file).filter(key => !known.includes(key) && !isTolerated(key))
  const unknown = strange.map(path =>
    fromUnknown({ path, meant: meant(path, [...known, 'disableCheck', 'disableGC']) }),
  )
  return {
    placed: entries.flatMap(({ placed }) => placed),
    findings: [...unknown, ...entries.flatMap(each => each.findings)],
  }
}

/** What is wrong with the text of a file. */
export async function networkFindings(text: string): Promise<readonly Finding[]> {
  let file: JsonObject
  try {
    file = parseObject(text, 'it')
  } catch (error) {
    if (error instanceof CniError) return [fromError('', error)]
    throw error
  }
  const named = told('name', () => networkName(file))
  const { placed, findings } = listed(file, named.length > 0 ? 'example' : networkName(file))
  const plugins = placed.map(async (each, index) => [
    ...ofPlace(each, index),
    ...ofCapabilities(each),
    ...(await pluginFindings(each)),
  ])
  return [
    ...named,
    ...told('cniVersion', () => gate('ADD', versionOf(file), versions)),
    ...findings,
    ...(await Promise.all(plugins)).flat(),
  ]
}
