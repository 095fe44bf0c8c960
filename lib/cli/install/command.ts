/** The words of `fairlead install` and `fairlead uninstall`. */
import { resolve } from 'node:path'
import type { ArgumentsCamelCase, Argv, InferredOptionTypes } from 'yargs'
import { names } from '../../../plugins/index.ts'
import { duration } from '../../agent/dhcp/duration.ts'
import { CniError, code } from '../../cni/error.ts'
import { meant } from '../../cni/unknown.ts'
import type { Host } from '../../host/host.ts'
import { binDir, confDir, flag, jsonText } from '../word.ts'
import { engines } from './engine.ts'
import { install, uninstall } from './install.ts'
import { type Profile, podCidrsOf, profiles } from './profile.ts'

const directories = {
  ...binDir,
  ...confDir,
  'dry-run': flag('only tell what would be done'),
} as const

/** Words of an option that may be given several times, or once with commas. */
const listed = (value: string | readonly string[] | undefined): readonly string[] =>
  [value ?? []].flat().flatMap(each => each.split(',').filter(Boolean))

function knownPlugins(words: readonly string[] | undefined): readonly string[] {
  if (words === undefined) return names
  const wanted = listed(words)
  if (wanted.length === 0) throw new CniError(code.config, 'Cannot install: --plugins names none. Leave it out for all')
  const unknown = wanted.find(each => !names.includes(each))
  if (unknown === undefined) return wanted
  const likely = meant(unknown, names)
  const msg = `Cannot install plugin ${JSON.stringify(unknown)}: this executable has none of that name`
  throw new CniError(code.config, `${msg}${likely ? `. Did you mean ${likely}?` : '. See them by: fairlead plugins'}`)
}

/** Milliseconds. */
const usualWait = 60_000

const installOptions = {
  ...directories,
  profile: { choices: profiles, default: 'none', describe: 'what else a runtime needs' },
  plugins: { type: 'string', array: true, describe: 'only these, as bridge,host-local; absent: all' },
  engine: { choices: engines, default: 'auto', describe: 'what plugins run on; auto: native, where that was built' },
  replace: flag('put files of others aside, for "uninstall" to put back'),
  'pod-cidr': { type: 'string', array: true, describe: 'kubernetes: the addresses of the pods of this node' },
  'node-spec': { type: 'string', describe: 'kubernetes: a file with "kubectl get node NAME -o json", which has them' },
  timeout: {
    type: 'string',
    defaultDescription: '60s',
    coerce: duration,
    describe: 'kubernetes: wait so long until it is ready',
  },
} as const

/** Throws CniError 7 for an option that says nothing without the network of pods. */
function checkProfile(profile: Profile, options: Readonly<Record<string, unknown>>): void {
  if (profile === 'kubernetes') return
  const idle = Object.keys(options).find(each => options[each] !== undefined)
  if (idle === undefined) return
  throw new CniError(code.config, `Cannot use ${idle}: it is for the network of pods. Add --profile kubernetes`)
}

type Words = ArgumentsCamelCase<InferredOptionTypes<typeof installOptions>>

/** What is asked for. Throws CniError as `podCidrsOf` does, and 7 for words that make no sense. */
async function optionsOf({ cniBinDir, confDir, plugins, nodeSpec, podCidr, timeout, ...rest }: Words) {
  checkProfile(rest.profile, { '--pod-cidr': podCidr, '--node-spec': nodeSpec, '--timeout': timeout })
  return {
    ...rest,
    binDir: resolve(cniBinDir),
    confDir: resolve(confDir),
    plugins: knownPlugins(plugins),
    podCidrs: nodeSpec === undefined ? listed(podCidr) : await podCidrsOf(nodeSpec),
    timeout: timeout ?? usualWait,
  }
}

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
      async words => install(host, await optionsOf(words)),
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
