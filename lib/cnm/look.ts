/** Looking at what a driver asks for, before it describes. */
import type { Host } from '../host/host.ts'
import { noRouting, routingIn } from '../kernel/routing.ts'
import { readSettings } from '../kernel/setting.ts'
import { snapshot } from '../kernel/snapshot.ts'
import type { Tools } from '../kernel/tool.ts'
import type { Asks, Seen, Texts } from './model.ts'

/**
 * The texts of those files that are there.
 *
 * @throws FileError for one that is there and cannot be read
 */
export async function readFiles(host: Host, paths: readonly string[]): Promise<Texts> {
  const found = new Map<string, string>()
  for (const path of paths) {
    const text = await host.files.read(path)
    if (text !== undefined) found.set(path, text)
  }
  return found
}

/** Sysctls and files. Throws FileError, KernelError. */
export async function readTexts(
  tools: Tools,
  netns: string,
  { sysctls = [], files = [] }: Pick<Asks, 'sysctls' | 'files'>,
): Promise<{ readonly sysctls: Texts; readonly files: Texts }> {
  const [values, texts] = await Promise.all([readSettings(tools, netns, sysctls), readFiles(tools.host, files)])
  return { sysctls: values, files: texts }
}

/** Everything that was asked for. Throws FileError, KernelError. */
export async function look(tools: Tools, netns: string, asks: Asks): Promise<Omit<Seen, 'firewall'>> {
  const [host, sandbox, texts, routing] = await Promise.all([
    snapshot(tools, null, asks.host),
    snapshot(tools, netns, asks.sandbox),
    readTexts(tools, netns, asks),
    asks.routing ? routingIn(tools, netns) : noRouting,
  ])
  return { host, sandbox, ...texts, routing }
}
