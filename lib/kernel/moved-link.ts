/** A link of the host's on its way to a sandbox, as lines of `ip -batch`. Pure; see ip-link(8). */
import type { Written } from './ip-link.ts'
import type { MovedLink } from './resource.ts'
import type { LinkState } from './snapshot.ts'
import { isQuotable, option, token } from './token.ts'

/** A link as it is now, to be moved. */
export function movedLink(now: LinkState, netns: string, name: string, { quiet }: Pick<MovedLink, 'quiet'>): MovedLink {
  const { index, type, mac, permaddr, mtu, up, master } = now
  const alias = isQuotable(now.alias) ? now.alias : ''
  const addresses = now.addresses.filter(({ dynamic }) => !dynamic).map(({ cidr, words }) => ({ cidr, words }))
  const was = { name: now.name, type, index, mac, permaddr, mtu, up, alias, master, addresses }
  return { kind: 'moved-link', lifetime: 'own', netns, name, mac, ...(quiet ? { quiet } : {}), was }
}

/**
 * The lines that move it: with its new name, for the old one may be taken there, and with the old one as its alias, which
 * tells the reference plugin what to call it when it goes back.
 */
export function moveLines({ netns, name, quiet, was }: MovedLink): readonly Written[] {
  const place = `${option('netns', netns ?? undefined)} name ${token(name)}`
  const set = `link set dev ${token(name)}`
  return [
    { text: `link set dev ${token(was.name)}${place}`, netns: null, makes: true },
    { text: `${set} alias ${token(was.name)}${quiet ? ' addrgenmode none' : ''}` },
    { text: `${set} up` },
  ]
}
