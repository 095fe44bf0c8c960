/** The command line. */
import yargs, { type Argv } from 'yargs'
import { names } from '../../plugins/index.ts'
import { dhcpDaemon } from '../agent/dhcp/daemon.ts'
import { duration } from '../agent/dhcp/duration.ts'
import { defaultConfig } from '../agent/overlay/config.ts'
import { journal } from '../cni/log.ts'
import { versions } from '../cni/version.ts'
import { operation, portsOf } from '../cnm/ports.ts'
import { reconcile } from '../cnm/reconcile.ts'
import type { Host } from '../host/host.ts'
import { nodeHost } from '../host/node.ts'
import { defaultSocket } from '../ipam/dhcp.ts'
import { build } from './build.ts'
import { peersFile } from './overlay.ts'

const versionText = (): string =>
  `fairlead ${build.version}\ncommit ${build.commit}\nNode.js ${process.versions.node}\nCNI ${versions.join(', ')}\n`

const path = (byDefault: string, describe: string) => ({ type: 'string', default: byDefault, describe }) as const
const time = (byDefault: string, describe: string) =>
  ({ type: 'string', default: byDefault, coerce: duration, describe }) as const

/** The commands about DHCP; options as the reference's daemon has them. */
const dhcpCommands = (parser: Argv): Argv =>
  parser
    .command(
      'daemon',
      'Ask for leases and keep them, until SIGTERM; see plugins/dhcp',
      {
        socketpath: path(defaultSocket, 'where plugins ask'),
        hostprefix: path('', 'goes before the paths of the socket and of network namespaces'),
        pidfile: path('', 'write the process number to this file'),
        timeout: time('10s', 'length of a round of four messages'),
        resendmax: time('62s', 'longest pause between rounds'),
        resendtimeout: time('208s', 'give up an ADD after this'),
        broadcast: { type: 'boolean', default: false, describe: 'have servers answer by broadcast' },
      },
      wishes => dhcpDaemon(wishes),
    )
    .demandCommand(1, 'Name a command.')

const config = { config: path(defaultConfig, 'file of the agent') }

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
        host.stdout(await (await import('./nodes.ts')).removeNodeOf(host, config, id, force)),
    )
    .demandCommand(1, 'Name a command.')

/** The commands about networks of several hosts. */
const overlayCommands = (parser: Argv, host: Host): Argv =>
  parser
    .command(
      'peers <network>',
      'Print the file of an overlay with control plane static for its other hosts; see plugins/vxlan-overlay',
      each =>
        each.positional('network', { type: 'string', demandOption: true, describe: 'its name' }).options({
          add: { type: 'string', describe: 'add the host of this address, with a block of its own' },
          'conf-dir': path('/etc/cni/net.d', 'where the files of networks are'),
        }),
      async ({ network, add, confDir }) => host.stdout(await peersFile(host, confDir, network, add)),
    )
    .command('rotate', 'Change the keys of encrypted networks now, on all hosts', config, async ({ config }) =>
      host.stdout(await (await import('./rotate.ts')).rotateKeys(host, config)),
    )
    .command('node', 'Hosts that etcd knows', each => nodeCommands(each, host))
    .demandCommand(1, 'Name a command.')

async function run(host: Host, argv: readonly string[]): Promise<0 | 1> {
  let status: 0 | 1 = 0
  const parser = yargs([...argv])
    .scriptName('fairlead')
    .usage(
      '$0 COMMAND\n\nCNI plugins in one executable. As a plugin it is called by the name of a link to it, by a container runtime.',
    )
    .command('version', 'Print the version, the commit, and the protocol versions', {}, () =>
      host.stdout(versionText()),
    )
    .command('plugins', 'List the plugins of this executable', {}, () => host.stdout(`${names.join('\n')}\n`))
    .command(
      'reconcile',
      'Make again what is missing of living attachments on the host, as after "nft flush ruleset"',
      { network: { type: 'string', describe: 'only this network' } },
      async ({ network }) => {
        const ports = await portsOf(host, journal(), { ipam: {}, chained: {} })
        const made = await operation(ports, 'reconcile', () => reconcile(ports, network))
        await host.stdout(made.map(name => `made ${name}\n`).join(''))
      },
    )
    .command(
      'agent',
      'Keep this host in step with the others, as etcd knows them, until SIGTERM',
      config,
      async wishes => {
        await (await import('../agent/overlay/agent.ts')).overlayAgent(host, wishes.config)
      },
    )
    .command('dhcp', 'DHCP leases of containers', dhcpCommands)
    .command('overlay', 'Networks that several hosts share', each => overlayCommands(each, host))
    .demandCommand(1, 'Name a command.')
    .strict()
    .version(versionText().trimEnd())
    .exitProcess(false)
    .fail((message, error, self) => {
      host.stderr(`${error ? error.message : message}\n`)
      // What went wrong on the host is not for want of an explanation of the words.
      if (!error) self.showHelp(text => host.stderr(`\n${text}\n`))
      status = 1
    })
  await parser.parseAsync()
  return status
}

/** Runs `fairlead ARGUMENTS`; the exit status is 0, or 1 for arguments that make no sense. */
export const main = (_name: string, argv: readonly string[]): Promise<number> => run(nodeHost(), argv)
