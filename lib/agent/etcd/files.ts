/** The files that a configuration names, looked at before anything is asked of etcd. */
import { EtcdFault } from './fault.ts'
import { secured } from './member.ts'
import type { EtcdOptions } from './options.ts'
import { readSecret } from './secret.ts'

/**
 * Finds out whether they can be used. A certificate that has expired is none of these: what is known goes on without etcd.
 *
 * @throws EtcdFault of kind "file"
 */
export function needFiles(options: EtcdOptions): void {
  if (options.passwordFile !== undefined) readSecret(options.passwordFile, 'the password')
  try {
    secured(options)
  } catch (error) {
    if (!(error instanceof EtcdFault && error.kind === 'certificate')) throw error
  }
}
