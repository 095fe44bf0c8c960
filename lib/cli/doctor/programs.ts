/** The programs that plugins run, and their versions; and what the plugins themselves run on. */
import { join } from 'node:path'
import { names } from '../../../plugins/index.ts'
import { hasTool, packageOf, type Tools } from '../../kernel/tool.ts'
import { engineOf } from '../install/engine.ts'
import type { Finding } from './finding.ts'

interface Program {
  readonly name: string
  /** What cannot be done without it; absent: nothing can. */
  readonly without?: string
  /** How it tells its version, and the least that is known to work. */
  readonly version?: { readonly words: readonly string[]; readonly pattern: RegExp; readonly least: string }
}

const programs: readonly Program[] = [
  { name: 'ip', version: { words: ['-V'], pattern: /iproute2-(\d+\.\d+)/, least: '5.15' } },
  { name: 'bridge', without: 'VLANs of bridges, and overlays' },
  { name: 'nft', version: { words: ['--version'], pattern: /v(\d+\.\d+)/, least: '1.0' } },
  { name: 'nsenter' },
  { name: 'tee' },
  { name: 'head' },
  { name: 'tc', without: 'limits of bandwidth' },
  { name: 'conntrack', without: 'published UDP and SCTP ports' },
  { name: 'udhcpc', without: 'the plugin dhcp' },
  { name: 'ethtool', without: '"txChecksumOffload": false of vxlan-overlay' },
  {
    name: 'iptables',
    without: 'the backend iptables, and a way past a FORWARD chain that drops',
    version: { words: ['--version'], pattern: /v(\d+\.\d+)/, least: '1.8' },
  },
]

/** True where dotted numbers are not below others. */
export function isAtLeast(version: string, least: string): boolean {
  const [left, right] = [version, least].map(each => each.split('.').map(Number))
  const index = (right ?? []).findIndex((number, at) => number !== (left?.[at] ?? 0))
  return index < 0 || (left?.[index] ?? 0) > (right?.[index] ?? 0)
}

async function look(tools: Tools, { name, without, version }: Program): Promise<Finding> {
  if (!(await hasTool(tools.host, name))) {
    const remedy = `Install the package ${packageOf(name)}`
    if (without === undefined) return { severity: 'error', area: 'programs', text: `${name} is not installed`, remedy }
    return {
      severity: 'warning',
      area: 'programs',
      text: `${name} is not installed, so there is no ${without}`,
      remedy,
    }
  }
  if (!version) return { severity: 'ok', area: 'programs', text: name }
  const { stdout } = await tools.run([name, ...version.words])
  const [, found = ''] = version.pattern.exec(stdout) ?? []
  const text = `${name} ${found || 'of an unknown version'}`
  if (found === '' || isAtLeast(found, version.least)) return { severity: 'ok', area: 'programs', text }
  const remedy = `Install ${packageOf(name)} ${version.least} or newer`
  return { severity: 'warning', area: 'programs', text: `${text} is older than what the tests run with`, remedy }
}

/** Tells what the plugins of ours in a directory run on. */
async function lookAtEngines(binDir: string): Promise<readonly Finding[]> {
  const all = await Promise.all(names.map(async name => ({ name, engine: await engineOf(join(binDir, name)) })))
  const told = Object.entries({ native: 'native', node: 'on Node.js' }).flatMap(([engine, words]) => {
    const those = all.filter(each => each.engine === engine).map(({ name }) => name)
    return those.length > 0 ? [`${words}: ${those.join(', ')}`] : []
  })
  return told.length > 0 ? [{ severity: 'ok', area: 'programs', text: `plugins in ${binDir}, ${told.join('; ')}` }] : []
}

/** Looks at every program, and at the plugins in a directory. */
export async function lookAtPrograms(tools: Tools, binDir: string): Promise<readonly Finding[]> {
  const all = await Promise.all(programs.map(each => look(tools, each)))
  return [...all, ...(await lookAtEngines(binDir))]
}
