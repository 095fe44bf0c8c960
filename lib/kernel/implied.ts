/** What the kernel takes away by itself. Pure. */
import { type Link, linkNameOf, type Resource } from './resource.ts'
import { remembers } from './restore.ts'

const isLink = (resource: Resource): resource is Link => resource.kind === 'link'

/** Tells what goes when these do: the other end of a link, and whatever is configured on either, or on one that moves. */
export function impliedBy(resources: readonly Resource[]): (resource: Resource) => boolean {
  const links = resources.filter(isLink).filter(({ made }) => made === undefined)
  const moved = resources.filter(({ kind }) => kind === 'moved-link')
  const peers = links.flatMap(({ peer }) => peer ?? [])
  const places = [...links, ...peers].map(({ netns, name }) => `${netns} ${name}`)
  const gone = new Set([...places, ...moved.map(each => `${each.netns} ${linkNameOf(each)}`)])
  return resource => {
    if (resource.kind === 'moved-link') return false
    // Whom it listens to is not on its link.
    if (resource.kind === 'remotes' || resource.kind === 'block-policy') return false
    // It is on no link: the kernel keeps it.
    if (resource.kind === 'route' && resource.type) return false
    if (resource.kind === 'link') return resource.made === 'as-peer' && gone.has(`${resource.netns} ${resource.name}`)
    if (resource.kind === 'setting') return resource.netns !== null && !remembers(resource)
    const name = linkNameOf(resource)
    return name !== undefined && gone.has(`${resource.netns} ${name}`)
  }
}
