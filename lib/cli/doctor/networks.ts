/** The networks of the runtimes: which there are, which one counts, and what is wrong with them. */
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { names } from '../../../plugins/index.ts'
import { isObject, type JsonObject, parseObject, pick } from '../../cni/json.ts'
import { engineOf } from '../install/engine.ts'
import { identityOf } from '../install/place.ts'
import { networksIn } from '../validate/command.ts'
import { networkFindings } from '../validate/network.ts'
import type { Finding } from './finding.ts'

interface Network {
  readonly path: string
  readonly name: string
  readonly types: readonly string[]
  readonly findings: readonly Finding[]
}

const strings = (...values: readonly unknown[]): readonly string[] => values.filter(each => typeof each === 'string')

/** The plugins that a file names, those of its IPAM too. */
function typesIn(file: JsonObject): readonly string[] {
  const plugins = pick(file, 'plugins')
  const all = Array.isArray(plugins) ? plugins.filter(isObject) : [file]
  return all.flatMap(each => {
    const ipam = pick(each, 'ipam')
    return strings(pick(each, 'type'), isObject(ipam) ? pick(ipam, 'type') : undefined)
  })
}

async function read(path: string): Promise<Network> {
  const text = await readFile(path, 'utf8')
  const found = await networkFindings(text)
  const findings = found
    .filter(({ severity }) => severity !== 'note')
    .map((each): Finding => {
      const where = each.path === '' ? '' : `${each.path} `
      const severity = each.severity === 'error' ? 'error' : 'warning'
      return { severity, area: 'networks', text: `${path}: ${where}${each.text}`, remedy: 'Correct the file' }
    })
  try {
    const file = parseObject(text, path)
    return { path, name: String(pick(file, 'name') ?? ''), types: typesIn(file), findings }
  } catch {
    return { path, name: '', types: [], findings }
  }
}

async function lookAtPlugin(binDir: string, type: string, paths: readonly string[]): Promise<readonly Finding[]> {
  const identity = await identityOf(join(binDir, type))
  if (identity === undefined) {
    const text = `${paths.join(', ')} needs the plugin ${type}, which is not in ${binDir}`
    const remedy = names.includes(type)
      ? `Run: fairlead install --plugins ${type}`
      : 'Install it, or take it out of the file'
    return [{ severity: 'error', area: 'networks', text, remedy }]
  }
  if (!names.includes(type) || (await engineOf(join(binDir, type)))) return []
  return [{ severity: 'ok', area: 'networks', text: `${type} in ${binDir} is another program than fairlead's` }]
}

function winner(networks: readonly Network[]): readonly Finding[] {
  const [first] = networks
  if (!first) return []
  const text = `containerd and CRI-O use ${basename(first.path)} (network ${first.name}): it is the first by name`
  return [{ severity: 'ok', area: 'networks', text }]
}

function namesakes(networks: readonly Network[]): readonly Finding[] {
  return networks.flatMap((each, index) => {
    const earlier = networks.slice(0, index).find(({ name }) => name !== '' && name === each.name)
    if (!earlier) return []
    const text = `${each.path} has the same network name as ${earlier.path}: ${each.name}`
    return [{ severity: 'warning', area: 'networks', text, remedy: 'Give one of them another name' } as const]
  })
}

/** Looks at the files of a directory of networks, and at the plugins that they need. */
export async function lookAtNetworks(confDir: string, binDir: string): Promise<readonly Finding[]> {
  const networks = await Promise.all((await networksIn(confDir).catch(() => [])).map(read))
  if (networks.length === 0) {
    const remedy = 'Copy one of the examples there, if your runtime writes none itself'
    return [{ severity: 'warning', area: 'networks', text: `${confDir} has no network`, remedy }]
  }
  const users = new Map<string, string[]>()
  for (const { path, types } of networks) {
    for (const type of types.filter(each => each !== '')) users.set(type, [...(users.get(type) ?? []), path])
  }
  const plugins = await Promise.all([...users].map(([type, paths]) => lookAtPlugin(binDir, type, [...new Set(paths)])))
  return [
    ...winner(networks),
    ...networks.flatMap(({ findings }) => findings),
    ...namesakes(networks),
    ...plugins.flat(),
  ]
}
