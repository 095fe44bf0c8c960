/** Resources as the text of nftables transactions. See nft(8). */
import type { Nft, Resource } from './resource.ts'
import { hook, linkName, phrase, quoted, rule, token } from './token.ts'

/** The name of our table in every family. */
export const table = 'fairlead'

export type Element = Extract<Nft, { object: 'element' }>

export const isNft = (resource: Resource): resource is Nft => resource.kind === 'nft'
export const isElement = (resource: Resource): resource is Element => isNft(resource) && resource.object === 'element'

/** The table that an object is in. */
export const at = (nft: Nft): string => `${token(nft.family)} ${table}`

// A key is written by its builder from tokens and quoted strings; it is checked here once more.
export const words = (text: string): string =>
  text
    .split(' ')
    .map(word => (word.startsWith('"') ? linkName(word.slice(1, -1)) : token(word)))
    .join(' ')

const body = (element: Element): string =>
  words(element.key) +
  (element.comment ? ` comment ${quoted(element.comment)}` : '') +
  (element.data ? ` : ${words(element.data)}` : '')

/** The elements of each set. */
export function bySet(elements: readonly Element[]): ReadonlyMap<string, readonly Element[]> {
  const sets = new Map<string, Element[]>()
  for (const element of elements) {
    const set = `${at(element)} ${token(element.set)}`
    const some = sets.get(set)
    if (some) some.push(element)
    else sets.set(set, [element])
  }
  return sets
}

/** Elements of one set are one statement: ten thousand ports are read at once. */
const grouped = (elements: readonly Element[], statement: (set: string, some: readonly Element[]) => string) =>
  [...bySet(elements)].map(([set, some]) => statement(set, some))

const addElements = (elements: readonly Element[]): string[] =>
  grouped(elements, (set, some) => `add element ${set} { ${some.map(body).join(', ')} }`)

const keysOf = (elements: readonly Element[]): string => elements.map(({ key }) => words(key)).join(', ')

const deleteElements = (elements: readonly Element[]): string[] =>
  grouped(elements, (set, some) => `delete element ${set} { ${keysOf(some)} }`)

/** Emptying a chain and writing it again in one transaction is the idempotent declaration: no packet sees the gap. */
function declare(nft: Exclude<Nft, Element>): string[] {
  const name = `${at(nft)} ${token(nft.name)}`
  const first = `add table ${at(nft)}`
  if (nft.object !== 'chain') {
    const { interval, expiring } = nft
    const flags = interval ? ' flags interval;' : expiring ? ' flags dynamic,timeout;' : ''
    return [first, `add ${token(nft.object)} ${name} { type ${phrase(nft.type)};${flags} }`]
  }
  const rules = nft.rules.map(each => `add rule ${name} ${rule(each)}`)
  return [first, `add chain ${name}${nft.hook ? ` { ${hook(nft.hook)} }` : ''}`, `flush chain ${name}`, ...rules]
}

const script = (lines: readonly string[]): string => lines.map(line => `${line}\n`).join('')

/** The steady state: elements alone. */
export const elementScript = (resources: readonly Resource[]): string =>
  script(addElements(resources.filter(isElement)))

const order = ['add table', 'add set', 'add map', 'add chain', 'flush', 'add rule']

/** Deletes elements by their keys, whatever they lead to; one that is absent fails them all. */
export const deleteScript = (elements: readonly Element[]): string => script(deleteElements(elements))

/** Everything the elements stand on, and the elements. */
export function fullScript(resources: readonly Resource[]): string {
  const lines = resources.filter(isNft).flatMap(nft => (isElement(nft) ? [] : declare(nft)))
  // Sets are declared before the chains that look into them, and both before a verdict that jumps there.
  const place = (line: string) => order.findIndex(verb => line.startsWith(verb))
  const declared = [...new Set(lines)].sort((a, b) => place(a) - place(b))
  return script([...declared, ...addElements(resources.filter(isElement))])
}

/**
 * Adding before deleting is the idempotent delete of an nft that has no `destroy`.
 *
 * @param heirs elements of the same keys that take their place in the same transaction
 */
export function removeScript(resources: readonly Resource[], heirs: readonly Resource[] = []): string {
  const own = resources.filter(isElement).filter(({ lifetime }) => lifetime === 'own')
  return script([...addElements(own), ...deleteElements(own), ...addElements(heirs.filter(isElement))])
}
