/** What stands in nftables, as `nft list` and `nft get` print it, compared with resources. */
import { type Element, words } from './nft-script.ts'
import type { Nft } from './resource.ts'

const part = '((?:"[^"]*"|[^",{}])+?)'
const entry = new RegExp(`\\s*${part}(?: comment "[^"]*")?(?: : ${part})?\\s*(?:,|\\}|$)`, 'gy')

const protocols: Readonly<Record<string, string>> = { 6: 'tcp', 17: 'udp', 132: 'sctp' }

/** A key in one spelling: without /etc/protocols nft prints the numbers of protocols. */
const spelled = (key: string): string =>
  key.replace(/(^| \. )(6|17|132)(?= \. )/, (_, before, number) => before + protocols[number])

/** The elements that a listing of one set or map has: from the key to the data, which is empty in a set. */
export function listedElements(listing: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  const start = /elements = \{/.exec(listing)
  if (!start) return found
  entry.lastIndex = start.index + start[0].length
  for (let match = entry.exec(listing); match; match = entry.exec(listing)) {
    found.set(spelled(match[1]?.trim() ?? ''), match[2]?.trim() ?? '')
    if (match[0].endsWith('}')) break
  }
  return found
}

/** The element's data in a listing; undefined where its key is not there. */
export const dataIn = (listed: ReadonlyMap<string, string>, element: Element): string | undefined =>
  listed.get(spelled(words(element.key)))

/** True where the element's key is there and leads where the element says. */
export const standsIn = (listed: ReadonlyMap<string, string>, element: Element): boolean =>
  dataIn(listed, element) === (element.data ?? '')

const ports = /^(.*) \. (\d+)(?:-(\d+))?$/

/** Keys of a listing that keep the element from being added: its own, or in an interval map ports that overlap. */
export function inTheWay(listed: ReadonlyMap<string, string>, element: Element): readonly string[] {
  if (standsIn(listed, element)) return []
  if (dataIn(listed, element) !== undefined) return [element.key]
  const [, before, first, last] = ports.exec(spelled(element.key)) ?? []
  if (last === undefined) return []
  return [...listed.keys()].filter(key => {
    const [, start, low, high = low] = ports.exec(key) ?? []
    return start === before && Number(low) <= Number(last) && Number(high) >= Number(first)
  })
}

const priorities: Readonly<Record<string, string>> = { raw: '-300', dstnat: '-100', filter: '0', srcnat: '100' }
const numbered = (hook: string): string =>
  hook.replace(/ priority ([a-z]+);/, (_, name) => ` priority ${priorities[name] ?? name};`)

/** True if a chain has the hook and exactly the rules that it should, or if a set is there at all. */
export function holds(nft: Exclude<Nft, Element>, listing: string): boolean {
  if (nft.object !== 'chain') return true
  const lines = listing.split('\n').map(line => line.trim())
  const inside = lines.slice(lines.indexOf(`chain ${nft.name} {`) + 1, lines.indexOf('}')).filter(Boolean)
  const wanted = [...(nft.hook ? [numbered(nft.hook)] : []), ...nft.rules]
  return (
    inside.length === wanted.length && inside.every((line, index) => sameRule(nft, wanted[index] ?? '', numbered(line)))
  )
}

/** A rule with words of a user is recognised by its end: nft has its own way to write what it was told. */
const sameRule = ({ fixed }: { readonly fixed?: string }, wanted: string, line: string): boolean => {
  const at = fixed === undefined ? -1 : wanted.indexOf(fixed)
  return at < 0 ? line === wanted : line.endsWith(wanted.slice(at))
}
