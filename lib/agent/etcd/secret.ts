/** Secrets in files, which nobody else may read. */
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import { EtcdFault } from './fault.ts'

/**
 * The text of a file that holds a secret.
 *
 * @param what it is, for the message
 * @throws EtcdFault of kind "file" for a file that cannot be read, that others may read, or that is somebody else's
 */
export function readSecret(path: string, what: string): string {
  const fail = (why: string) => new EtcdFault('file', `Cannot use ${path} as ${what}: ${why}`)
  let file: number
  try {
    // A pipe without a writer would make us wait.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    throw fail(`${error instanceof Error ? error.message : error}. Correct the path, or make the file`)
  }
  try {
    // Of what was opened, not of the path: nobody can put another file there in between.
    const stat = fstatSync(file)
    const { mode, uid } = stat
    if (!stat.isFile()) throw fail('it is no file. Correct the path')
    const owner = uid === 0 || uid === process.getuid?.()
    if (!owner) throw fail(`it belongs to the user ${uid}. Give it to root with chown`)
    if ((mode & 0o077) !== 0) {
      throw fail(`others may read it (mode ${(mode & 0o777).toString(8).padStart(4, '0')}). Run chmod 0600 on it`)
    }
    return readFileSync(file, 'utf8')
  } finally {
    closeSync(file)
  }
}
