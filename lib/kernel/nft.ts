/**
 * nftables transactions in tables of our own: `inet fairlead` and `bridge fairlead`. Chains and sets are declared once;
 * afterwards an operation only touches elements, which costs a quarter and does not grow.
 */
import { dataIn, inTheWay, listedElements, standsIn } from './nft-elements.ts'
import {
  at,
  bySet,
  deleteScript,
  type Element,
  elementScript,
  fullScript,
  isElement,
  isNft,
  removeScript,
} from './nft-script.ts'
import { KernelError, type Resource } from './resource.ts'
import { token } from './token.ts'
import { faultOf, type Tools } from './tool.ts'

const attempts = 3

/**
 * Makes the nftables resources: one process where the base is there, two the first time. What another operation puts
 * under one of our keys meanwhile gives way like what was there before, in the transaction that makes ours.
 *
 * @throws KernelError
 */
export async function ensureNft(tools: Tools, resources: readonly Resource[]): Promise<void> {
  // Nothing but the first attachment needs the whole, which takes a while to write.
  let script = elementScript(resources) || fullScript(resources)
  for (let attempt = 1; script !== ''; attempt++) {
    const { code, stderr } = await tools.nft(script)
    if (code === 0) return
    const isTaken = faultOf(stderr) === 'taken'
    const full = fullScript(resources)
    if (attempt > attempts || (script === full && !isTaken)) throw failure(script, stderr, resources)
    script = (isTaken ? await clearScript(tools, resources) : '') + full
  }
}

/** The key of the configuration whose words are in a rule: they stand after the family, before what is fixed. */
function keyIn(text: string, resources: readonly Resource[]): string | undefined {
  const fixed = resources.flatMap(each => (isNft(each) && each.object === 'chain' && each.fixed) || [])[0]
  const [start = '', end] = text.split(` ${fixed} `)
  const [, family] = / nfproto ipv([46]) ./.exec(start) ?? []
  return end !== undefined && family ? `conditionsV${family}` : undefined
}

function failure(script: string, stderr: string, resources: readonly Resource[]): KernelError {
  const line = Number(/stdin:(\d+):/.exec(stderr)?.[1] ?? 0)
  const text = script.split('\n')[line - 1] ?? ''
  const key = keyIn(text, resources)
  if (key) return new KernelError(`"${key}": nft: ${text}: ${firstLine(stderr)}`, 'unfit', resources.find(isNft))
  return new KernelError(`nft: ${text}: ${firstLine(stderr)}`, faultOf(stderr), resources.find(isNft))
}

/** What the set or map of these elements has, which is one and the same; empty where it is absent. */
export async function listed(tools: Tools, [element]: readonly Element[]): Promise<ReadonlyMap<string, string>> {
  if (!element) return new Map()
  const { code, stdout } = await tools.nft(
    `list ${element.data ? 'map' : 'set'} ${at(element)} ${token(element.set)}\n`,
  )
  return code === 0 ? listedElements(stdout) : new Map()
}

/**
 * An element of our key with other data was left by an owner that is gone: its address is leased to us now, its port is
 * nobody's.
 */
async function clearScript(tools: Tools, resources: readonly Resource[]): Promise<string> {
  const left: Element[] = []
  for (const some of bySet(resources.filter(isElement)).values()) {
    const now = await listed(tools, some)
    left.push(...some.flatMap(element => inTheWay(now, element).map(key => ({ ...element, key }))))
  }
  return deleteScript(left)
}

/** A missing set takes its elements with it; other data under the key means that somebody else owns it now. */
const isGone = (stderr: string): boolean => ['absent', 'taken'].includes(faultOf(stderr))

/**
 * Removes our elements; what is already gone is fine, and what is somebody else's by now stays.
 *
 * @param heirs elements that take the place of ours at the same moment
 * @throws KernelError
 */
export async function removeNft(
  tools: Tools,
  resources: readonly Resource[],
  heirs: readonly Resource[] = [],
): Promise<void> {
  let script = removeScript(resources, heirs)
  const own = resources.filter(isElement).filter(({ lifetime }) => lifetime === 'own')
  for (let attempt = 1; script !== ''; attempt++) {
    const { code, stderr } = await tools.nft(script)
    if (code === 0) return
    if (!isGone(stderr) || attempt > attempts)
      throw new KernelError(`nft: ${firstLine(stderr)}`, faultOf(stderr), own[0])
    script = await remainsScript(tools, own, heirs)
  }
}

/** What is left to do where not all is as it was made: elements that are still ours go, and heirs take their places. */
async function remainsScript(tools: Tools, own: readonly Element[], heirs: readonly Resource[]): Promise<string> {
  const statements: string[] = []
  for (const [set, some] of bySet(own)) {
    const now = await listed(tools, some)
    const ours = some.filter(element => standsIn(now, element))
    const theirs = heirs.filter(isElement).filter(heir => `${at(heir)} ${heir.set}` === set && now.size > 0)
    const free = theirs.filter(heir => dataIn(now, heir) === undefined || ours.some(({ key }) => key === heir.key))
    statements.push(removeScript(ours, free))
  }
  return statements.join('')
}

const firstLine = (text: string): string =>
  text
    .trim()
    .split('\n')[0]
    ?.replace(/^\S*stdin:\S+ /, '') ?? ''
