/** Error numbers on QuickJS, which gives a negative one where a call failed. */
import { strerror } from 'qjs:std'
import { FileError, type FileFault } from './host.ts'

// The numbers of Linux (include/uapi/asm-generic/errno-base.h and errno.h), the same on every machine we build for.
export const [EPERM, ENOENT, ESRCH, EAGAIN, EACCES, EEXIST] = [1, 2, 3, 11, 13, 17]
export const [ENOTDIR, EISDIR, EINVAL, ENOSPC, EROFS, EDQUOT] = [20, 21, 22, 28, 30, 122]

const names: Readonly<Record<number, string>> = {
  [EPERM]: 'EPERM',
  [ENOENT]: 'ENOENT',
  [EACCES]: 'EACCES',
  [EEXIST]: 'EEXIST',
  [ENOTDIR]: 'ENOTDIR',
  [EISDIR]: 'EISDIR',
  [ENOSPC]: 'ENOSPC',
  [EROFS]: 'EROFS',
  [EDQUOT]: 'EDQUOT',
}
const faults: Readonly<Record<number, FileFault>> = {
  [EACCES]: 'denied',
  [EPERM]: 'denied',
  [EROFS]: 'read-only',
  [ENOSPC]: 'no-space',
  [EDQUOT]: 'no-space',
}

/** Nothing stands there, or the process is gone. */
export const isAbsent = (errno: number): boolean => errno === ENOENT || errno === ENOTDIR || errno === ESRCH

/** What went wrong at a path, as callers tell faults apart. */
export function fault(path: string, errno: number): FileError {
  const name = names[errno]
  return new FileError(path, faults[errno] ?? 'other', `${name ? `${name}: ` : ''}${strerror(errno)}, '${path}'`)
}

/** The number that a call gave, for an error number an exception. */
export function checked(path: string, result: number): number {
  if (result < 0) throw fault(path, -result)
  return result
}
