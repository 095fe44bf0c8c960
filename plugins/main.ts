/** The program of all plugins on Node.js. */
import { serve } from '../lib/cni/serve.ts'
import { nodeHost } from '../lib/host/node.ts'
import { pluginOf } from './index.ts'

/** Serves one call as the plugin of that name, and gives the exit status. */
export const main = (name: string): Promise<number> => serve(nodeHost(), pluginOf(name), name)

export { nodeHost, pluginOf, serve }
