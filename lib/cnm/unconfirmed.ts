/** What CHECK says of resources that do not stand as described. */
import { CniError, code } from '../cni/error.ts'
import type { Missing } from '../kernel/missing.ts'
import { nameOf } from '../kernel/resource.ts'

const describe = ({ resource, why }: Missing): string => `${nameOf(resource)} ${why}`

/** The error for an attachment that is not as it should be. */
export function unconfirmed(why: string, details?: string): CniError {
  const msg = `Cannot confirm the attachment: ${why}. Remove the attachment and add it again`
  return new CniError(code.internal, msg, details)
}

/** The error that names the first, with the others in its details. */
export const notFound = (first: Missing, rest: readonly Missing[]): CniError =>
  unconfirmed(describe(first), rest.map(describe).join('; ') || undefined)
