/**
 * Our tables as a whole, for who has to look for hundreds of objects: two processes for a table, however much is in it.
 * Chains are compared in nft's own words, elements as libnftables-json(5) tells them.
 */
import { listTable, type MissingNft, missingBases } from './nft-objects.ts'
import { type Element, isElement, isNft } from './nft-script.ts'
import type { Resource } from './resource.ts'
import type { Tools } from './tool.ts'

type Json = string | number | null | readonly Json[] | { readonly [key: string]: Json }

/** Data of elements, by set and key; that of an element without any is empty. */
type Listing = ReadonlyMap<string, readonly string[]>

const keyOf = (set: string, words: readonly string[]): string => JSON.stringify([set, ...words])

/** A key or data as its words: `"veth1" . 02:…`. JSON has numbers without a base. */
const wordsIn = (text: string): string[] =>
  text
    .split(' ')
    .filter(word => word !== '.')
    .map(word => (word.startsWith('0x') ? String(Number(word)) : word.replaceAll('"', '')))

function wordsOf(value: Json | undefined): string[] {
  if (value === undefined || value === null) return []
  if (typeof value !== 'object') return [String(value)]
  if (Array.isArray(value)) return value.flatMap(wordsOf)
  const { elem, concat, prefix, range } = value as Record<string, { [key: string]: Json } & Json[]>
  if (elem) return wordsOf(elem.val)
  if (concat) return concat.flatMap(wordsOf)
  if (prefix) return [`${wordsOf(prefix.addr)}/${prefix.len}`]
  if (range) return [range.map(wordsOf).join('-')]
  // A verdict: { "jump": { "target": "x" } }, { "accept": null }.
  return Object.entries(value).flatMap(([name, inside]) => [
    name,
    ...wordsOf((inside as { target?: Json } | null)?.target),
  ])
}

interface Set {
  readonly name: string
  readonly elem?: readonly Json[]
}

function elementsIn(text: string): Listing {
  const { nftables = [] } = JSON.parse(text) as { nftables?: readonly { readonly set?: Set; readonly map?: Set }[] }
  const found = new Map<string, readonly string[]>()
  for (const { set, map } of nftables) {
    for (const element of set?.elem ?? []) found.set(keyOf(set?.name ?? '', wordsOf(element)), [])
    for (const element of map?.elem ?? []) {
      const [key, data] = Array.isArray(element) ? element : [element, '']
      found.set(keyOf(map?.name ?? '', wordsOf(key)), wordsOf(data))
    }
  }
  return found
}

/** What is wrong with an element, if anything: it is absent, or leads elsewhere. */
function faultIn(resource: Element, listing: Listing): MissingNft[] {
  const found = listing.get(keyOf(resource.set, wordsIn(resource.key)))
  if (found === undefined) return [{ resource, found }]
  const data = wordsIn(resource.data ?? '').filter(Boolean)
  return found.join(' ') === data.join(' ') ? [] : [{ resource, found: found.join(isVerdict(found) ? ' ' : ' . ') }]
}

const isVerdict = ([first = '']: readonly string[]): boolean => ['goto', 'jump', 'accept', 'drop'].includes(first)

async function missingElements(tools: Tools, elements: readonly Element[]): Promise<readonly MissingNft[]> {
  const families = [...new Set(elements.map(({ family }) => family))]
  const missing = families.map(async family => {
    const listing = elementsIn((await listTable(tools, family, '-j')) ?? '{}')
    return elements.filter(each => each.family === family).flatMap(each => faultIn(each, listing))
  })
  return (await Promise.all(missing)).flat()
}

/**
 * The nftables resources that do not stand as described. Where nft tells an element in other words than ours, it counts
 * as absent: this is for who adds again, which does no harm to what stands.
 *
 * @throws KernelError where the tables cannot be listed
 */
export async function absentNft(tools: Tools, resources: readonly Resource[]): Promise<readonly MissingNft[]> {
  const all = resources.filter(isNft)
  const bases = all.flatMap(nft => (isElement(nft) ? [] : [nft]))
  const parts = await Promise.all([missingBases(tools, bases), missingElements(tools, all.filter(isElement))])
  return parts.flat()
}
