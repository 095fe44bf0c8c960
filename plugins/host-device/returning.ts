/** Devices that the reference plugin has moved: it writes the name that they had on the host into their alias. Pure. */
import type { Inherits } from '../../lib/cnm/inherits.ts'
import { movedLink } from '../../lib/kernel/moved-link.ts'
import { isLinkName } from '../../lib/kernel/token.ts'

/** Gives such a device its name back. What else it had, nobody knows. */
export const returning: Inherits = (inside, netns) => {
  if (!isLinkName(inside.alias)) return []
  const moved = movedLink(inside, netns, inside.name, {})
  return [{ ...moved, was: { ...moved.was, name: inside.alias, alias: '', up: false, master: '', addresses: [] } }]
}
