/**
 * Our tables as a whole, for who has to look for hundreds of objects: two processes for a table, however much is in it.
 * Chains are compared in nft's own words, elements as libnftables-json(5) tells them.
 */
import { holds } from './nft-elements.ts'
import type { MissingNft } from './nft-missing.ts'
import { listTable, objectsIn } from './nft-objects.ts'
import { isElement, isNft } from './nft-script.ts'
import type { Nft, Resource } from './resource.ts'
import type { Tools } from './tool.ts'

type Json = string | number | null | readonly Json[] | { readonly [key: string]: Json }

interface Listing {
  /** Chains and sets by kind and name, in nft's words, without elements. */
  readonly objects: ReadonlyMap<string, string>
  /** Data of elements, by set and key; that of an element without any is empty. */
  readonly elements: ReadonlyMap<string, readonly string[]>
}

const nothing: Listing = { objects: new Map(), elements: new Map() }
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

function elementsIn(text: string): Listing['elements'] {
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

async function look(tools: Tools, family: Nft['family'], elements: boolean): Promise<Listing> {
  const [text, json] = await Promise.all([
    listTable(tools, family, '-t'),
    elements ? listTable(tools, family, '-j') : undefined,
  ])
  if (text === undefined) return nothing
  return { objects: objectsIn(text), elements: json === undefined ? new Map() : elementsIn(json) }
}

/** What is wrong with a resource, if anything: it is absent, or an element leads elsewhere. */
function faultIn(resource: Nft, { objects, elements }: Listing): MissingNft[] {
  if (!isElement(resource)) {
    const listed = objects.get(`${resource.object} ${resource.name}`)
    return listed !== undefined && holds(resource, listed) ? [] : [{ resource, found: undefined }]
  }
  const found = elements.get(keyOf(resource.set, wordsIn(resource.key)))
  if (found === undefined) return [{ resource, found }]
  const data = wordsIn(resource.data ?? '').filter(Boolean)
  return found.join(' ') === data.join(' ') ? [] : [{ resource, found: found.join(isVerdict(found) ? ' ' : ' . ') }]
}

const isVerdict = ([first = '']: readonly string[]): boolean => ['goto', 'jump', 'accept', 'drop'].includes(first)

/**
 * The nftables resources that do not stand as described. Where nft tells an element in other words than ours, it counts
 * as absent: this is for who adds again, which does no harm to what stands.
 *
 * @throws KernelError where the tables cannot be listed
 */
export async function absentNft(tools: Tools, resources: readonly Resource[]): Promise<readonly MissingNft[]> {
  const all = resources.filter(isNft)
  const families = [...new Set(all.map(({ family }) => family))]
  const absent = families.map(async family => {
    const ours = all.filter(nft => nft.family === family)
    const listing = await look(tools, family, ours.some(isElement))
    return ours.flatMap(nft => faultIn(nft, listing))
  })
  return (await Promise.all(absent)).flat()
}
