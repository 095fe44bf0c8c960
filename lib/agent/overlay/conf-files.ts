/** The files of a host's networks, as far as they are overlays. */
import { isObject, type JsonObject, parseObject, pick } from '../../cni/json.ts'
import type { Host } from '../../host/host.ts'

const type = 'vxlan-overlay'

/** Of the names in a directory those that runtimes read, in their order. */
export const networkFiles = (names: readonly string[]): readonly string[] =>
  names.filter(name => /\.(conflist|conf|json)$/.test(name)).toSorted()

/** A network's file, and the plugin of it that is an overlay. */
export interface OverlayFile {
  readonly path: string
  readonly network: string
  readonly list: JsonObject
  readonly plugin: JsonObject
}

function overlayIn(path: string, list: JsonObject): OverlayFile[] {
  const plugins = pick(list, 'plugins')
  const all = Array.isArray(plugins) ? plugins.filter(isObject) : [list]
  const plugin = all.find(each => pick(each, 'type') === type)
  const network = pick(list, 'name')
  return plugin && typeof network === 'string' ? [{ path, network, list, plugin }] : []
}

/** Those of a directory, in the order of runtimes. `report` is told of files that are no JSON. */
export async function overlaysIn(
  host: Host,
  directory: string,
  report: (path: string, error: unknown) => void,
): Promise<readonly OverlayFile[]> {
  const names = networkFiles(await host.files.list(directory))
  const found: OverlayFile[] = []
  for (const path of names.map(name => `${directory}/${name}`)) {
    try {
      found.push(...overlayIn(path, parseObject((await host.files.read(path)) ?? '', path)))
    } catch (error) {
      report(path, error)
    }
  }
  return found
}
