/**
 * nftables transactions in tables of our own: `inet fairlead` and `bridge fairlead`. Chains and sets are declared once;
 * afterwards an operation only touches elements, which costs a quarter and does not grow.
 */
import {
  at,
  bySet,
  deleteElements,
  type Element,
  elementScript,
  fullScript,
  isElement,
  isNft,
  removeScript,
  words,
} from './nft-script.ts'
import { KernelError, type Nft, type Resource } from './resource.ts'
import { token } from './token.ts'
import { faultOf, type Tools } from './tool.ts'

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

/** Ports of an interval map as nft lists them; what else its key has comes before. */
const listedRange = /([a-z0-9.: ]+) \. (\d+)(?:-(\d+))? (?:comment "[^"]*" )?: /g

/** Elements of an interval map that overlap one of ours. */
async function overlapping(tools: Tools, element: Element): Promise<readonly Element[]> {
  const range = /^(.*) \. (\d+)-(\d+)$/.exec(element.key)
  if (!range) return [element]
  const [, before, first, last] = range
  const { stdout } = await tools.nft(`list map ${at(element)} ${token(element.set)}\n`)
  const found = [...stdout.matchAll(listedRange)].filter(
    ([, start, low, high = low]) =>
      start?.trim() === before && Number(low) <= Number(last) && Number(high) >= Number(first),
  )
  return found.map(([, , low, high]) => ({ ...element, key: `${before} . ${low}${high ? `-${high}` : ''}` }))
}

/**
 * An element of our key with other data was left by an owner that is gone: its address is leased to us now, its port is
 * nobody's. One transaction for each: one that is absent would undo the others.
 */
async function dropElements(tools: Tools, resources: readonly Resource[]): Promise<void> {
  for (const element of resources.filter(isElement)) {
    if ((await tools.nft(elementScript([element]))).code === 0) continue
    for (const left of await overlapping(tools, element)) await tools.nft(`${deleteElements([left]).join('')}\n`)
  }
}

/** A missing set takes its elements with it; other data under the key means that somebody else owns it now. */
const isGone = (stderr: string): boolean => ['absent', 'taken'].includes(faultOf(stderr))

/** Halves what fails as a whole until each element that can go has gone. */
async function removeParts(tools: Tools, elements: readonly Element[]): Promise<void> {
  const { code, stderr } = await tools.nft(removeScript(elements))
  if (code === 0) return
  if (!isGone(stderr)) throw new KernelError(`nft: ${firstLine(stderr)}`, faultOf(stderr), elements[0])
  if (faultOf(stderr) === 'absent' || elements.length === 1) return
  const middle = Math.ceil(elements.length / 2)
  await removeParts(tools, elements.slice(0, middle))
  await removeParts(tools, elements.slice(middle))
}

/**
 * Removes our elements; what is already gone is fine.
 *
 * @param heirs elements that take the place of ours at the same moment
 * @throws KernelError
 */
export async function removeNft(
  tools: Tools,
  resources: readonly Resource[],
  heirs: readonly Resource[] = [],
): Promise<void> {
  const script = removeScript(resources, heirs)
  if (script === '') return
  const output = await tools.nft(script)
  if (output.code === 0) return
  if (!isGone(output.stderr)) throw new KernelError(`nft: ${firstLine(output.stderr)}`, faultOf(output.stderr))
  const own = resources.filter(isElement).filter(({ lifetime }) => lifetime === 'own')
  for (const some of bySet(own).values()) await removeParts(tools, some)
  for (const heir of heirs) await tools.nft(elementScript([heir]))
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
