/** The executable on Node.js: called as a plugin it is that plugin, called as `fairlead` the command line. */
import { basename } from 'node:path'
import { pluginOf } from '../plugins/index.ts'
import { serve } from './cni/serve.ts'
import { nodeHost } from './host/node.ts'

// A promise that never settles, or a crash, must not look like success.
process.exitCode = 1

async function main(): Promise<void> {
  const host = nodeHost()
  const name = basename(process.argv0)
  const plugin = pluginOf(name)
  if (plugin || host.env('CNI_COMMAND') !== undefined) {
    process.exitCode = await serve(host, plugin, name)
    return
  }
  const { run } = await import('./cli/command.ts')
  process.exitCode = await run(host, process.argv.slice(2))
}

void main()
