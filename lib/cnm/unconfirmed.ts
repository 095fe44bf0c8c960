/** What CHECK says of resources that do not stand as described. */
import { CniError, code } from '../cni/error.ts'
import type { Missing } from '../kernel/missing.ts'
import { nameOf } from '../kernel/resource.ts'

const describe = ({ resource, why }: Missing): string => `${nameOf(resource)} ${why}`

/** What all attachments stand on: an ADD takes it for granted where it finds the sets. */
const isBase = ({ resource }: Missing): boolean => resource.kind === 'nft' && resource.object !== 'element'

/** The error that names the first, with the others in its details. */
export function notFound(first: Missing, rest: readonly Missing[]): CniError {
  const remedy = [first, ...rest].some(isBase)
    ? 'Run "fairlead reconcile", which restores it for all attachments'
    : 'Remove the attachment and add it again'
  const msg = `Cannot confirm the attachment: ${describe(first)}. ${remedy}`
  return new CniError(code.internal, msg, rest.map(describe).join('; ') || undefined)
}
