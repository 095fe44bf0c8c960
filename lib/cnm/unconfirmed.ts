/** What CHECK says of resources that do not stand as described. */
import { CniError, code } from '../cni/error.ts'
import type { Missing } from '../kernel/missing.ts'
import { nameOf } from '../kernel/resource.ts'

const describe = ({ resource, why }: Missing): string => `${nameOf(resource)} ${why}`

/** The error that names the first, with the others in its details. */
export function notFound(first: Missing, rest: readonly Missing[]): CniError {
  const msg = `Cannot confirm the attachment: ${describe(first)}. Remove the attachment and add it again`
  return new CniError(code.internal, msg, rest.map(describe).join('; ') || undefined)
}
