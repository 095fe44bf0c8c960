/** What CHECK says of resources that do not stand as described. */
import { CniError, code } from '../cni/error.ts'
import type { Missing } from '../kernel/missing.ts'
import { nameOf } from '../kernel/resource.ts'

const describe = ({ resource, why }: Missing): string => `${nameOf(resource)} ${why}`

/** The error for an attachment that is not as it should be. */
export function unconfirmed(
  why: string,
  details?: string,
  remedy = 'Remove the attachment and add it again',
): CniError {
  return new CniError(code.internal, `Cannot confirm the attachment: ${why}. ${remedy}`, details)
}

/** What all attachments stand on: an ADD takes it for granted where it finds the sets. */
const isBase = ({ resource }: Missing): boolean => resource.kind === 'nft' && resource.object !== 'element'

/** Ways of the host lead where its addresses do: it has them back at once. */
const isWay = ({ resource }: Missing): boolean => resource.kind === 'route' && resource.netns === null

/** The error that names the first, with the others in its details. */
export function notFound(first: Missing, rest: readonly Missing[]): CniError {
  const all = [first, ...rest]
  const remedy =
    all.some(isBase) || all.every(isWay) ? 'Run "fairlead reconcile", which restores it for all attachments' : undefined
  return unconfirmed(describe(first), rest.map(describe).join('; ') || undefined, remedy)
}
