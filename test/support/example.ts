/** The configurations that the repository shows: the files of `conf`, and the `json` blocks of the READMEs. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Conflist } from './chain.ts'

const root = resolve(import.meta.dirname, '../..')

export interface Example {
  readonly title: string
  readonly list: Conflist
  /** False where it takes what the kernels of some machines lack: then the virtual machine runs it. */
  readonly anywhere: boolean
}

const rareKeys = ['vlan', 'vlanTrunk']
const rareTypes = ['ipvlan', 'vlan', 'dummy', 'vrf']
const isRare = (plugin: Conflist['plugins'][number]): boolean =>
  rareTypes.includes(plugin.type) || rareKeys.some(key => key in plugin)
const isCommon = ({ plugins }: Conflist): boolean => !plugins.some(isRare)

/** The names of all plugins, by their folders. */
export const pluginNames: readonly string[] = readdirSync(join(root, 'plugins'), { withFileTypes: true })
  .filter(entry => entry.isDirectory())
  .map(({ name }) => name)

/** A file of the repository. */
export const textOf = (path: string): string => readFileSync(join(root, path), 'utf8')

const blocks = (markdown: string): string[] =>
  [...markdown.matchAll(/^```json\n([\s\S]*?)^```$/gm)].map(([, text]) => text ?? '')

/** A whole network, or a value of `ipam`, which needs a network around it. */
function conflistOf(text: string): Conflist {
  const value = JSON.parse(text) as Partial<Conflist>
  if (value.plugins) return value as Conflist
  const bridge = { type: 'bridge', isGateway: true, ipMasq: true, ipam: value }
  return { cniVersion: '1.1.0', name: 'example', plugins: [bridge] }
}

const exampleOf = (title: string, text: string): Example => {
  const list = conflistOf(text)
  return { title, list, anywhere: isCommon(list) }
}

/** Everything that is shown. */
export function examples(): readonly Example[] {
  const files = readdirSync(join(root, 'conf')).filter(name => name.endsWith('.conflist'))
  const confs = files.map(name => exampleOf(`conf/${name}`, textOf(`conf/${name}`)))
  const pages = ['README.md', ...pluginNames.map(name => `plugins/${name}/README.md`)]
  const shown = pages.flatMap(page =>
    blocks(textOf(page)).map((text, index) => exampleOf(`example ${index + 1} of ${page}`, text)),
  )
  return [...confs, ...shown]
}
