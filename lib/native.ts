/** The first lines of the native executable, which has the plugins alone; kept few, as those of the other one are. */
import { exit } from 'qjs:std'
import { pluginOf } from '../plugins/index.ts'
import { introduction } from './cni/introduction.ts'
import { quickjsHost } from './host/quickjs.ts'

declare const scriptArgs: readonly string[]

async function main(): Promise<number> {
  const name = (scriptArgs[0] ?? '').replace(/^.*\//, '')
  const host = quickjsHost()
  const plugin = pluginOf(name)
  const command = host.env('CNI_COMMAND')
  const words = plugin && introduction(plugin, command)
  if (!plugin && !command) return (await import('./native-about.ts')).about(host, name, scriptArgs.slice(1))
  if (!words) return (await import('./cni/serve.ts')).serve(host, plugin, name)
  if ('stdout' in words) await host.stdout(words.stdout)
  else host.stderr(words.stderr)
  return 0
}

/** What `serve` did not see: it could not even be loaded, or there is no memory left. */
async function failed(error: unknown): Promise<number> {
  const msg = `Cannot finish: ${error instanceof Error ? error.message : String(error)}`
  await quickjsHost().stdout(`${JSON.stringify({ cniVersion: '1.1.0', code: 999, msg }, undefined, 4)}\n`)
  return 1
}

// The build has loaded all this already: what a call does begins here.
Object.assign(globalThis, { start: () => void main().catch(failed).then(exit) })
