/** `fairlead validate`. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Argv } from 'yargs'
import { networkFiles } from '../../agent/overlay/conf-files.ts'
import { CniError, code } from '../../cni/error.ts'
import type { Host } from '../../host/host.ts'
import { printLines } from '../print.ts'
import { asJson, confDir, flag, jsonText } from '../word.ts'
import { type Finding, lineOf } from './finding.ts'
import { networkFindings } from './network.ts'

interface Wishes {
  readonly files: readonly string[]
  readonly confDir: string
  readonly strict: boolean
  readonly json: boolean
}

/** The files that runtimes read, in their order. */
export async function networksIn(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory).catch(error => {
    throw new CniError(code.io, `Cannot look for networks: ${error.message}. Name files, or a directory by --conf-dir`)
  })
  return networkFiles(names).map(name => join(directory, name))
}

async function findingsIn(file: string): Promise<readonly Finding[]> {
  try {
    return await networkFindings(await readFile(file, 'utf8'))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && 'syscall' in error)) throw error
    return [{ severity: 'error', path: '', text: error.message }]
  }
}

/**
 * Looks at files of networks, and prints what is wrong.
 *
 * @returns whether all of them can be used; with `strict`, whether nothing is likely to be a mistake either
 * @throws CniError 5 for a directory that cannot be read
 */
export async function validate(host: Host, { files, confDir, strict, json }: Wishes): Promise<boolean> {
  const paths = files.length > 0 ? files : await networksIn(confDir)
  const all = await Promise.all(paths.map(async file => ({ file, findings: await findingsIn(file) })))
  const fatal = ({ severity }: Finding) => severity === 'error' || (strict && severity === 'warning')
  const judged = all.map(({ file, findings }) => ({ file, valid: !findings.some(fatal), findings }))
  if (json) await host.stdout(jsonText(judged))
  else {
    const lines = judged.flatMap(({ file, valid, findings }) => {
      return [...findings.map(each => lineOf(file, each)), ...(valid ? [`${file}: valid`] : [])]
    })
    await printLines(host, lines)
  }
  return judged.every(({ valid }) => valid)
}

/** Adds the command to a parser; `failed` is called where a file cannot be used. */
export const validateCommand = (parser: Argv, host: Host, failed: () => void): Argv =>
  parser.command(
    'validate [files..]',
    'Look for mistakes in files of networks, without attaching anything',
    each =>
      each
        .positional('files', { type: 'string', array: true, default: [], describe: 'absent: those that runtimes read' })
        .options({
          ...confDir,
          strict: flag('take keys that nobody knows for errors'),
          ...asJson,
        })
        .example('$0 validate 10-net.conflist', 'one file'),
    async wishes => {
      if (!(await validate(host, wishes))) failed()
    },
  )
