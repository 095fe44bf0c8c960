/** The words of `fairlead install` and `fairlead uninstall`. */
import { resolve } from 'node:path'
import type { Argv } from 'yargs'
import { names } from '../../../plugins/index.ts'
import { duration } from '../../agent/dhcp/duration.ts'
import { CniError, code } from '../../cni/error.ts'
import { meant } from '../../cni/unknown.ts'
import type { Host } from '../../host/host.ts'
import { binDir, confDir, flag, jsonText } from '../word.ts'
import { engines } from './engine.ts'
import { install, uninstall } from './install.ts'
import { podCidrsOf, profiles } from './profile.ts'

const directories = {
  ...binDir,
  ...confDir,
  'dry-run': flag('only tell what would be done'),
} as const

/** Words of an option that may be given several times, or once with commas. */
const listed = (value: string | readonly string[] | undefined): readonly string[] =>
  [value ?? []].flat().flatMap(each => each.split(',').filter(Boolean))

function knownPlugins(wanted: readonly string[]): readonly string[] {
  const unknown = wanted.find(each => !names.includes(each))
  if (unknown === undefined) return wanted.length > 0 ? wanted : names
  const likely = meant(unknown, names)
  const msg = `Cannot install plugin ${JSON.stringify(unknown)}: this executable has none of that name`
  throw new CniError(code.config, `${msg}${likely ? `. Did you mean ${likely}?` : '. See them by: fairlead plugins'}`)
}

const installOptions = {
  ...directories,
  profile: { choices: profiles, default: 'none', describe: 'what else a runtime needs' },
  plugins: { type: 'string', array: true, describe: 'only these, as bridge,host-local; absent: all' },
  engine: { choices: engines, default: 'auto', describe: 'what plugins run on; auto: native, where that was built' },
  replace: flag('put files of others aside, for "uninstall" to put back'),
  'pod-cidr': { type: 'string', array: true, describe: 'kubernetes: the addresses of the pods of this node' },
  'node-spec': { type: 'string', describe: 'kubernetes: a file with "kubectl get node NAME -o json", which has them' },
  timeout: { type: 'string', default: '60s', coerce: duration, describe: 'kubernetes: wait so long until it is ready' },
} as const

/** Adds the commands to a parser. */
export const installCommands = (parser: Argv, host: Host): Argv =>
  parser
    .command(
      'install',
      'Put this executable and its plugins where runtimes look for them',
      each =>
        each
          .options(installOptions)
          .conflicts('pod-cidr', 'node-spec')
          .example('$0 install --replace', 'in the place of the Go plugins, which are kept')
          .example(
            '$0 install --profile kubernetes --pod-cidr 10.244.1.0/24',
            'on a node, with a network for its pods',
          ),
      async ({ cniBinDir, confDir, plugins, nodeSpec, podCidr, ...options }) =>
        install(host, {
          ...options,
          binDir: resolve(cniBinDir),
          confDir: resolve(confDir),
          plugins: knownPlugins(listed(plugins)),
          podCidrs: nodeSpec === undefined ? listed(podCidr) : await podCidrsOf(nodeSpec),
        }),
    )
    .command(
      'uninstall',
      'Take away what "install" made, and put back what it replaced',
      directories,
      async ({ cniBinDir, confDir, dryRun }) =>
        uninstall(host, { binDir: resolve(cniBinDir), confDir: resolve(confDir), dryRun }),
    )
    .command(
      'node <name>',
      'Print a node of Kubernetes as its API server tells it to the pod that this runs in, for "install --node-spec"',
      each => each.positional('name', { type: 'string', demandOption: true, describe: 'its name' }),
      async ({ name }) => {
        const { nodeFromApi } = await import('./api-server.ts')
        await host.stdout(jsonText(await nodeFromApi(host, name)))
      },
    )
