/** Links that a container has renamed, for programs that know them by a name of before. */
import type { Netns } from './resource.ts'
import { allLinks } from './snapshot.ts'
import { isToken, token } from './token.ts'
import type { Tools } from './tool.ts'

/** A link as a program knows it: by its name, which a container may change, and its number, which it cannot. */
export interface KnownLink {
  readonly name: string
  readonly index?: number
}

/** What the link is called by now; undefined where it is gone. Throws KernelError. */
export async function nameNow(tools: Tools, netns: Netns, { name, index }: KnownLink): Promise<string | undefined> {
  const links = [...(await allLinks(tools, netns)).values()]
  return links.find(link => (index === undefined ? link.name === name : link.index === index))?.name
}

/**
 * Does something while the link answers to the name that it is known by (sockets are bound, and links are asked for, by
 * alternative names too). Where another link has that name by now, or none can be lent, it is done all the same.
 */
export async function underName<T>(tools: Tools, netns: Netns, link: KnownLink, work: () => Promise<T>): Promise<T> {
  const now = await nameNow(tools, netns, link).catch(() => undefined)
  if (now === undefined || now === link.name || !isToken(now)) return work()
  const property = (verb: 'add' | 'del') =>
    tools.ip(netns, [`link property ${verb} dev ${token(now)} altname ${token(link.name)}`])
  const { complaints } = await property('add')
  try {
    return await work()
  } finally {
    if (complaints.length === 0) await property('del')
  }
}
