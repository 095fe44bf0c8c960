/** `fairlead explain` and `fairlead gc`. */
import type { Argv } from 'yargs'
import type { Host } from '../../host/host.ts'
import { printLines } from '../print.ts'
import { asJson, binDir, flag, jsonText } from '../word.ts'
import { collect } from './collect.ts'
import { type Attachment, attachments, type Explained, explain, type Owned } from './inspect.ts'

const lineOf = ({ container, interface: name, network, plugin, state, netns, sandbox }: Attachment): string => {
  const unfinished = state === 'complete' ? '' : ', its ADD was not finished'
  return `${container} ${name}: ${plugin} of network ${network}, in ${netns} (${sandbox})${unfinished}`
}

const ownedLine = ({ what, shared, wrong }: Owned): string => {
  const state = wrong === undefined ? 'ok   ' : 'wrong'
  return `  ${state} ${what}${shared ? ' (shared)' : ''}${wrong === undefined ? '' : `: ${wrong}`}`
}

const linesOf = (each: Explained): readonly string[] => [lineOf(each), ...each.owned.map(ownedLine)]

/** Adds the commands to a parser. */
export const attachmentCommands = (parser: Argv, host: Host): Argv =>
  parser
    .command(
      'explain [container]',
      'Show all that is kept for a container, beside what stands; without one, list the containers',
      each =>
        each.positional('container', { type: 'string', describe: 'its id, or the beginning of it' }).options(asJson),
      async ({ container, json: asJson }) => {
        const found = container === undefined ? await attachments(host) : await explain(host, container)
        if (asJson) return host.stdout(jsonText(found))
        await printLines(
          host,
          found.flatMap(each => ('owned' in each ? linesOf(each as Explained) : [lineOf(each)])),
        )
      },
    )
    .command(
      'gc',
      'Remove what is kept for containers whose network namespace is gone for good',
      {
        network: { type: 'string', describe: 'only of this network' },
        ...binDir,
        'dry-run': flag('only tell what would go'),
      },
      async ({ network, cniBinDir, dryRun }) => {
        await printLines(host, await collect(host, { network, binDir: cniBinDir, dryRun }))
      },
    )
