/** The command line. */
import yargs, { type Argv } from 'yargs'
import { names } from '../../plugins/index.ts'
import { build } from '../build.ts'
import { CniError } from '../cni/error.ts'
import { versions } from '../cni/version.ts'
import { reconcile } from '../cnm/reconcile.ts'
import type { Host } from '../host/host.ts'
import { nodeHost } from '../host/node.ts'
import { sayIfUnknown } from './attachments/collect.ts'
import { attachmentCommands } from './attachments/command.ts'
import { dhcpCommands } from './dhcp-commands.ts'
import { doctorCommand } from './doctor/command.ts'
import { installCommands } from './install/command.ts'
import { config, overlayCommands } from './overlay-commands.ts'
import { printLines, say } from './print.ts'
import { withProgress } from './progress.ts'
import { validateCommand } from './validate/command.ts'
import { withPorts } from './with-ports.ts'

const versionText = (): string =>
  `fairlead ${build.version}\ncommit ${build.commit}\nNode.js ${process.versions.node}\nCNI ${versions.join(', ')}\n`

/** What a host keeps running, and what it may do now and then. */
const hostCommands = (parser: Argv, host: Host): Argv =>
  parser
    .command(
      'reconcile',
      'Make again what is missing of living attachments on the host, as after "nft flush ruleset"',
      { network: { type: 'string', describe: 'only this network' } },
      async ({ network }) => {
        const made = await withPorts(host, 'reconcile', async ports => {
          await sayIfUnknown(ports, network)
          return withProgress(host, tell => {
            tell('looking at what stands')
            return reconcile(ports, network)
          })
        })
        await printLines(
          host,
          made.map(name => `made ${name}`),
        )
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

/** All commands; `failed` is called by those that can find something wrong. */
function commands(parser: Argv, host: Host, failed: () => void): Argv {
  installCommands(parser, host)
  validateCommand(parser, host, failed)
  doctorCommand(parser, host, failed)
  attachmentCommands(parser, host)
  hostCommands(parser, host)
  return parser
    .command('overlay', 'Networks that several hosts share', each => overlayCommands(each, host, failed))
    .command('plugins', 'List the plugins of this executable', {}, () => printLines(host, names))
    .command('version', 'Print the version, the commit, and the protocol versions', {}, () =>
      host.stdout(versionText()),
    )
    .completion('completion', 'Print a script by which bash, or zsh, completes these words')
}

/** Words that make no sense, and the explanation of those that do. */
class Misspoken extends Error {}

const failureText = (error: Error): string => {
  const details = error instanceof CniError ? error.details : undefined
  return details ? `${error.message} (${details})` : error.message
}

function refuse(message: string, error: Error | undefined, parser: Pick<Argv, 'showHelp'>): never {
  // What went wrong on the host is not for want of an explanation of the words.
  if (error) throw error
  let help = ''
  parser.showHelp(text => {
    help = text
  })
  // Without an error of ours the command would be run all the same.
  throw new Misspoken(`${message}\n\n${help}`)
}

/** What yargs tells a check beside the words, which its types keep quiet about: the options of the command by their kinds. */
interface Kinds {
  readonly string: readonly string[]
  readonly array: readonly string[]
  readonly boolean: readonly string[]
}

/** @throws Error for an option that is there or not, and came with a word: any but "true" would count as none. */
function checkFlags(argv: readonly string[], { boolean }: Kinds): void {
  const end = argv.indexOf('--')
  for (const word of argv.slice(0, end < 0 ? argv.length : end)) {
    const [, name = '', value = ''] = /^--([^=]+)=(.*)$/s.exec(word) ?? []
    const known = name.replaceAll(/[A-Z]/g, each => `-${each.toLowerCase()}`)
    if (!boolean.includes(known) || value === 'true' || value === 'false') continue
    throw new Error(`--${name} is given ${JSON.stringify(value)}. Give it alone, or leave it out`)
  }
}

/** @throws Error for an option that came several times: a list of values would reach a command that expects one. */
function checkOnce(words: Readonly<Record<string, unknown>>, kinds: Kinds): void {
  const { string, array } = kinds
  const name = string.find(each => Array.isArray(words[each]) && !array.includes(each))
  if (name !== undefined) throw new Error(`--${name} is given more than once. Give it once`)
}

async function run(host: Host, argv: readonly string[]): Promise<0 | 1> {
  let status: 0 | 1 = 0
  const failed = () => {
    status = 1
  }
  const what =
    'CNI plugins in one executable. As a plugin it is called by the name of a link to it, by a container runtime.'
  const parser = commands(yargs([...argv]), host, failed)
    .scriptName('fairlead')
    .usage(`$0 COMMAND\n\n${what}`)
    .demandCommand(1, 'Name a command.')
    .strict()
    .check((words, kinds: unknown) => {
      checkFlags(argv, kinds as Kinds)
      checkOnce(words, kinds as Kinds)
      return true
    })
    .version(versionText().trimEnd())
    .exitProcess(false)
    .fail(refuse)
  try {
    await parser.parseAsync()
    return status
  } catch (error) {
    say(host, failureText(error instanceof Error ? error : new Error(String(error))))
    return 1
  }
}

/** Runs `fairlead ARGUMENTS`; the exit status is 0, or 1 for arguments that make no sense and for what went wrong. */
export const main = (_name: string, argv: readonly string[]): Promise<number> => run(nodeHost(), argv)
