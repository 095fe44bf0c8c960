/** Commands about networks that several hosts share. */
import type { Argv } from 'yargs'
import { defaultConfig } from '../agent/overlay/config.ts'
import type { Host } from '../host/host.ts'
import { peersFile } from './overlay.ts'
import { printLines } from './print.ts'
import { confDir, path } from './word.ts'

/** The option of what needs the agent's file. */
export const config = { config: path(defaultConfig, 'file of the agent') }

/** The commands about hosts of networks that etcd knows. */
const nodeCommands = (parser: Argv, host: Host): Argv =>
  parser
    .command('ls', 'List the nodes', config, async wishes => {
      await host.stdout(await (await import('./nodes.ts')).nodeList(host, wishes.config))
    })
    .command(
      'rm <id>',
      'Remove a node for good, with its blocks',
      each =>
        each.positional('id', { type: 'string', demandOption: true, describe: 'as "ls" tells it' }).options({
          ...config,
          force: { type: 'boolean', default: false, describe: 'even if its agent is there' },
        }),
      async ({ id, force, config }) =>
        printLines(host, [await (await import('./nodes.ts')).removeNodeOf(host, config, id, force)]),
    )
    .demandCommand(1, 'Name a command.')

/** Throws Error for what is no port. */
function portIn(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port
  throw new Error(`Cannot use the port "${text}". Give a number from 1 to 65535`)
}

/** Whether packets of full size pass between two hosts; `failed` is called where they do not. */
const probeCommand = (parser: Argv, host: Host, failed: () => void): Argv =>
  parser.command(
    'probe [peer]',
    'See whether TCP and UDP of full size pass through the tunnel to another host, on which --listen runs',
    each =>
      each.positional('peer', { type: 'string', describe: 'its address' }).options({
        listen: { type: 'boolean', default: false, describe: 'answer the other host, until SIGTERM' },
        network: { type: 'string', describe: 'which network, if there are several' },
        port: { type: 'string', default: '4787', coerce: portIn, describe: 'where it listens' },
        ...confDir,
      }),
    async ({ peer, listen, ...wishes }) => {
      const { probe, probeListen } = await import('./probe/probe.ts')
      const asked = { ...wishes, network: wishes.network }
      if ((peer === undefined) !== listen)
        throw new Error('Cannot probe: name the other host, or say --listen, not both')
      if (peer === undefined) return probeListen(host, asked)
      const { isWell, text } = await probe(host, peer, asked)
      await printLines(host, [text])
      if (!isWell) failed()
    },
  )

/** The commands about networks of several hosts; `failed` is called where what they find is not well. */
export const overlayCommands = (parser: Argv, host: Host, failed: () => void): Argv =>
  probeCommand(parser, host, failed)
    .command(
      'peers <network>',
      'Print the file of an overlay with control plane static for its other hosts; see plugins/vxlan-overlay',
      each =>
        each.positional('network', { type: 'string', demandOption: true, describe: 'its name' }).options({
          add: { type: 'string', describe: 'add the host of this address, with a block of its own' },
          ...confDir,
        }),
      async ({ network, add, confDir }) => host.stdout(await peersFile(host, confDir, network, add)),
    )
    .command('rotate', 'Change the keys of encrypted networks now, on all hosts', config, async ({ config }) =>
      host.stdout(await (await import('./rotate.ts')).rotateKeys(host, config)),
    )
    .command('node', 'Hosts that etcd knows', each => nodeCommands(each, host))
    .demandCommand(1, 'Name a command.')
