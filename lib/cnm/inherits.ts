/** What DEL undoes of the reference plugin's attachments, which left no record. */
import type { Resource } from '../kernel/resource.ts'
import type { LinkState } from '../kernel/snapshot.ts'

/** A veth by its name alone, for its removal. */
export const vethOf = (netns: string | null, name: string): Resource => ({
  kind: 'link',
  lifetime: 'own',
  netns,
  name,
  type: 'veth',
  up: true,
})

/** What there is to undo of the reference plugin's, given the interface that it left in a sandbox. */
export type Inherits = (inside: LinkState, netns: string) => readonly Resource[]

/** An interface of that type goes. */
export const linkOfType =
  (type: string): Inherits =>
  (inside, netns) =>
    inside.type === type ? [vethOf(netns, inside.name)] : []
