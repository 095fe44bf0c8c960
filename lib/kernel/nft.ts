/**
 * Resources as nftables transactions in tables of our own: `inet fairlead` and `bridge fairlead`. Chains and sets are
 * declared once; afterwards an operation only touches elements, which costs a quarter and does not grow. See nft(8).
 */
import { KernelError, type Nft, type Resource } from './resource.ts'
import { hook, linkName, phrase, quoted, token } from './token.ts'
import { faultOf, type Tools } from './tool.ts'

/** The name of our table in every family. */
export const table = 'fairlead'

export type Element = Extract<Nft, { object: 'element' }>

const at = (nft: Nft): string => `${token(nft.family)} ${table}`
export const isNft = (resource: Resource): resource is Nft => resource.kind === 'nft'
export const isElement = (nft: Nft): nft is Element => nft.object === 'element'

// A key is written by its builder from tokens and quoted strings; it is checked here once more.
const words = (text: string): string =>
  text
    .split(' ')
    .map(word => (word.startsWith('"') ? linkName(word.slice(1, -1)) : token(word)))
    .join(' ')

const body = (element: Element): string =>
  words(element.key) +
  (element.comment ? ` comment ${quoted(element.comment)}` : '') +
  (element.data ? ` : ${words(element.data)}` : '')

function addElement(element: Element): string {
  return `add element ${at(element)} ${token(element.set)} { ${body(element)} }`
}

function deleteElement(element: Element): string {
  return `delete element ${at(element)} ${token(element.set)} { ${words(element.key)} }`
}

/** Emptying a chain and writing it again in one transaction is the idempotent declaration: no packet sees the gap. */
function declare(nft: Exclude<Nft, Element>): string[] {
  const name = `${at(nft)} ${token(nft.name)}`
  const first = `add table ${at(nft)}`
  if (nft.object !== 'chain') return [first, `add ${token(nft.object)} ${name} { type ${phrase(nft.type)}; }`]
  const rules = nft.rules.map(rule => `add rule ${name} ${phrase(rule)}`)
  return [first, `add chain ${name}${nft.hook ? ` { ${hook(nft.hook)} }` : ''}`, `flush chain ${name}`, ...rules]
}

/** The steady state: elements alone. */
export const elementScript = (resources: readonly Resource[]): string =>
  resources
    .filter(isNft)
    .filter(isElement)
    .map(element => `${addElement(element)}\n`)
    .join('')

/** Everything the elements stand on, and the elements, taken over where a dead owner left one. */
export function fullScript(resources: readonly Resource[]): string {
  const all = resources.filter(isNft)
  const lines = all.flatMap(nft => (isElement(nft) ? [] : declare(nft)))
  // Sets are declared before the chains that look into them, and both before a verdict that jumps there.
  const order = (line: string) =>
    ['add table', 'add set', 'add map', 'add chain', 'flush', 'add rule'].findIndex(v => line.startsWith(v))
  const declared = [...new Set(lines)].sort((a, b) => order(a) - order(b))
  return [...declared, ...all.filter(isElement).map(addElement)].map(line => `${line}\n`).join('')
}

/** Adding before deleting is the idempotent delete of an nft that has no `destroy`. */
export const removeScript = (resources: readonly Resource[]): string =>
  resources
    .filter(isNft)
    .filter(nft => isElement(nft) && nft.lifetime === 'own')
    .map(element => `${addElement(element as Element)}\n${deleteElement(element as Element)}\n`)
    .join('')

/**
 * Makes the nftables resources: one process where the base is there, two the first time.
 *
 * @throws KernelError
 */
export async function ensureNft(tools: Tools, resources: readonly Resource[]): Promise<void> {
  const elements = elementScript(resources)
  const full = fullScript(resources)
  if (full === '') return
  let output = elements === '' ? undefined : await tools.nft(elements)
  if (output?.code === 0) return
  if (output && faultOf(output.stderr) === 'taken') await dropElements(tools, resources)
  output = await tools.nft(full)
  if (output.code === 0) return
  const line = Number(/stdin:(\d+):/.exec(output.stderr)?.[1] ?? 0)
  const text = full.split('\n')[line - 1] ?? ''
  throw new KernelError(`nft: ${text}: ${firstLine(output.stderr)}`, faultOf(output.stderr), resources.find(isNft))
}

/**
 * An element of our key with other data was left by an owner that is gone, since the address is leased to us now. One
 * transaction for each: one that is absent would undo the others.
 */
async function dropElements(tools: Tools, resources: readonly Resource[]): Promise<void> {
  for (const element of resources.filter(isNft).filter(isElement)) await tools.nft(deleteElement(element))
}

/**
 * Removes our elements; what is already gone is fine.
 *
 * @throws KernelError
 */
export async function removeNft(tools: Tools, resources: readonly Resource[]): Promise<void> {
  const script = removeScript(resources)
  if (script === '') return
  const output = await tools.nft(script)
  if (output.code === 0) return
  const fault = faultOf(output.stderr)
  // A missing set takes its elements with it; other data under the key means that somebody else owns it now.
  if (fault !== 'absent' && fault !== 'taken') throw new KernelError(`nft: ${firstLine(output.stderr)}`, fault)
  for (const resource of resources.filter(isNft).filter(isElement)) {
    const single = await tools.nft(removeScript([resource]))
    if (single.code !== 0 && !['absent', 'taken'].includes(faultOf(single.stderr))) {
      throw new KernelError(`nft: ${firstLine(single.stderr)}`, faultOf(single.stderr), resource)
    }
  }
}

const firstLine = (text: string): string =>
  text
    .trim()
    .split('\n')[0]
    ?.replace(/^\S*stdin:\S+ /, '') ?? ''

/** Looks for each object in its own process: this is not the hot path, and one missing must not hide the next. */
export async function missingNft(tools: Tools, resources: readonly Resource[]): Promise<readonly Resource[]> {
  const absent = await Promise.all(
    resources.filter(isNft).map(async nft => {
      const output = isElement(nft)
        ? await tools.nft(`get element ${at(nft)} ${token(nft.set)} { ${words(nft.key)} }\n`)
        : await tools.nft(`list ${nft.object} ${at(nft)} ${token(nft.name)}\n`)
      const fine = output.code === 0 && (isElement(nft) ? sameData(nft, output.stdout) : holds(nft, output.stdout))
      return fine ? [] : [nft]
    }),
  )
  return absent.flat()
}

const sameData = (element: Element, listing: string): boolean =>
  element.data === undefined || listing.includes(element.data)

/** True if a listing of the chain or set shows what it should hold. */
export function holds(nft: Exclude<Nft, Element>, listing: string): boolean {
  const lines = listing.split('\n').map(line => line.trim())
  if (nft.object !== 'chain') return true
  return [...nft.rules, ...(nft.hook ? [nft.hook] : [])].every(rule => lines.includes(rule))
}
