/** Links as lines of `ip -batch`. Pure; see ip-link(8). */
import { optionOf } from './link-option.ts'
import type { Link, Netns } from './resource.ts'
import type { LinkState } from './snapshot.ts'
import { option, token } from './token.ts'

/** A line of a batch. */
export interface Written {
  readonly text: string
  /** Where it has to be run, if that is not where the resource stands. */
  readonly netns?: Netns
  /** It makes the link, or brings it to its place: what follows must not touch the link that was there instead. */
  readonly makes?: boolean
  /** SELinux context that it has to be run in. */
  readonly context?: string
}

/** The group of the links that endpoints share: it is theirs from birth on, as an alias cannot be. */
export const sharedGroup = '64029'

const onOff = (value: boolean): string => (value ? 'on' : 'off')

const groupWords = ({ lifetime }: Link): string => (lifetime === 'counted' ? ` group ${sharedGroup}` : '')

function peerWords(link: Link): string {
  if (!link.peer) return ''
  const { name, mac, netns } = link.peer
  const words = `${option('mtu', link.mtu)} address ${token(mac)}${groupWords(link)}${option('netns', netns ?? undefined)}`
  return ` peer name ${token(name)}${words}`
}

/** A bridge follows its ports' MTU unless its own was changed after creation (br_change_mtu): so it starts beside it. */
function firstMtu({ type, mtu }: Link): number | undefined {
  if (type === 'tun') return undefined
  return type === 'bridge' && mtu !== undefined ? mtu + (mtu > 1280 ? -1 : 1) : mtu
}

const optionWords = ({ options = {} }: Pick<Link, 'options'>): string =>
  Object.entries(options).reduce((text, [name, value]) => `${text}${option(name, value)}`, '')

/** The lines that bring a link into being, in its place and with its name. */
function birthLines(link: Link): Written[] {
  const { type, parent, born, name, netns, context } = link
  if (type === 'tun') {
    const text = `tuntap add name ${token(name)}${optionWords(link)}`
    return [{ text, makes: true, ...(context === undefined ? {} : { context }) }]
  }
  const first = `${option('mtu', firstMtu(link))}${option('address', link.mac)}${groupWords(link)}`
  const add = `link add${option('link', parent)} name ${token(born?.name ?? name)}${first}`
  const rest = ` type ${token(type)}${optionWords(link)}${peerWords(link)}`
  if (!born) return [{ text: `${add}${rest}`, makes: true }]
  return [
    { text: `${add}${option('netns', netns ?? undefined)}${rest}`, netns: born.netns, makes: true },
    { text: `link set dev ${token(born.name)} name ${token(name)}`, makes: true },
  ]
}

/** What can be set of a link that stands: links of other types stay what they were made as. */
const settable: Readonly<Record<string, (word: string) => boolean>> = {
  bridge: () => true,
  // Where a host's tunnel begins, for a host that got another address.
  vxlan: word => word === 'local' || word === 'dev',
}

/** What a link that stands has otherwise. */
const alteredOptions = ({ type, options = {} }: Link, now: LinkState | undefined): [string, string][] =>
  now
    ? Object.entries(options).filter(([word, value]) => settable[type]?.(word) && String(optionOf(now, word)) !== value)
    : []

/** True where a port is not as it should be: one that joins a bridge anew is as the kernel makes it. */
const alteredPort = ({ master, portOptions = {} }: Link, now: LinkState | undefined): boolean =>
  Object.entries(portOptions).some(
    ([name, value]) => now?.master !== master || now?.port?.options[name] !== (value === 'on'),
  )

/** The lines that make a link, or adjust what stands in its place. */
export function linkLines(link: Link, now: LinkState | undefined): readonly Written[] {
  const dev = token(link.name)
  const lines: string[] = []
  const fresh = now === undefined && link.made !== 'as-peer'
  // `ip tuntap` takes neither MAC nor MTU.
  const bare = !fresh || link.type === 'tun'
  if (bare && link.mac !== undefined && link.made !== 'as-peer' && (link.pin || link.mac !== now?.mac)) {
    lines.push(`link set dev ${dev} address ${token(link.mac)}`)
  }
  if (link.mtu !== undefined && ((fresh && firstMtu(link) !== link.mtu) || (now && now.mtu !== link.mtu))) {
    lines.push(`link set dev ${dev}${option('mtu', link.mtu)}`)
  }
  const altered = Object.fromEntries(alteredOptions(link, now))
  if (Object.keys(altered).length > 0)
    lines.push(`link set dev ${dev} type ${token(link.type)}${optionWords({ ...link, options: altered })}`)
  const words = `${option('alias', link.alias)}${link.quiet ? ' addrgenmode none' : ''}`
  if (words && now === undefined) lines.push(`link set dev ${dev}${words}`)
  const promisc = link.promisc && !now?.promisc
  const state = `${option('master', link.master)}${promisc ? ' promisc on' : ''}${link.up && !now?.up ? ' up' : ''}`
  if (state) lines.push(`link set dev ${dev}${state}`)
  if (link.port?.hairpin || link.port?.isolated) {
    lines.push(
      `link set dev ${dev} type bridge_slave hairpin ${onOff(link.port.hairpin)} isolated ${onOff(link.port.isolated)}`,
    )
  }
  if (alteredPort(link, now))
    lines.push(`link set dev ${dev} type bridge_slave${optionWords({ options: link.portOptions ?? {} })}`)
  return [...(fresh ? birthLines(link) : []), ...lines.map(text => ({ text }))]
}

/** The lines that remove a link; one whose birth was cut short still has the name of its birth. */
export const removeLinkLines = ({ name, born }: Link): readonly string[] =>
  [name, ...(born ? [born.name] : [])].map(each => `link del dev ${token(each)}`)
