/** Verification of nftables resources: a process for the elements, and one for each table; some more to find elements that are missing. */
import { listed } from './nft.ts'
import { dataIn, holds, listedElements, standsIn } from './nft-elements.ts'
import { listTable, objectsIn } from './nft-objects.ts'
import { bySet, type Element, isElement, isNft, words } from './nft-script.ts'
import type { Nft, Resource } from './resource.ts'
import type { Tools } from './tool.ts'

/** A resource that does not stand, and what an element's key leads to instead. */
export interface MissingNft {
  readonly resource: Nft
  readonly found: string | undefined
}

/** Something to ask nft, and what follows from its answer. */
interface Question {
  readonly text: string
  /** @param listing undefined: nft refused, for something that was asked for is absent */
  judge(listing: string | undefined, tools: Tools): Promise<MissingNft[]>
  /** Asked by a process of its own. */
  readonly apart?: true
}

/** The kernel answers no question about more elements than these. */
const many = 64

const misses = (elements: readonly Element[], now: ReadonlyMap<string, string>): MissingNft[] =>
  elements.filter(each => !standsIn(now, each)).map(resource => ({ resource, found: dataIn(now, resource) }))

type Base = Exclude<Nft, Element>

/** Of more than these, asking for each takes longer than to list all that there are. */
const most = 1_024

function aboutElements(set: string, elements: readonly Element[]): Question[] {
  const judgeOf =
    (some: readonly Element[]): Question['judge'] =>
    async (listing, tools) =>
      misses(some, listing === undefined ? await listed(tools, some) : listedElements(listing))
  if (elements.length > most) {
    const kind = elements.some(({ data }) => data) ? 'map' : 'set'
    return [{ text: `list ${kind} ${set}`, judge: judgeOf(elements), apart: true }]
  }
  const pieces = Array.from({ length: Math.ceil(elements.length / many) }, (_, n) =>
    elements.slice(n * many, (n + 1) * many),
  )
  return pieces.map(some => ({
    text: `get element ${set} { ${some.map(({ key }) => words(key)).join(', ')} }`,
    judge: judgeOf(some),
  }))
}

function questionsOf(elements: readonly Element[]): readonly Question[] {
  return [...bySet(elements)].flatMap(([set, some]) => aboutElements(set, some))
}

/** Asks by one process; where nft refuses, which it does for all because of one, each half by itself. */
async function judged(tools: Tools, questions: readonly Question[]): Promise<readonly MissingNft[]> {
  if (questions.length === 0) return []
  const { code, stdout } = await tools.nft(questions.map(({ text }) => `${text}\n`).join(''))
  const answers = code === 0 ? stdout.split(/^(?=table )/m) : []
  if (answers.length === questions.length || questions.length === 1) {
    return (await Promise.all(questions.map(({ judge }, index) => judge(answers[index], tools)))).flat()
  }
  const middle = questions.length >> 1
  const halves = [questions.slice(0, middle), questions.slice(middle)]
  return (await Promise.all(halves.map(half => judged(tools, half)))).flat()
}

/** Chains and sets; one process, for nft 1.0.6 cannot list two chains, or a set beside a chain, by one script. */
async function missingBases(tools: Tools, family: Nft['family'], bases: readonly Base[]): Promise<MissingNft[]> {
  const objects = objectsIn((await listTable(tools, family, '-t')) ?? '')
  const stands = (base: Base): boolean => {
    const listing = objects.get(`${base.object} ${base.name}`)
    return listing !== undefined && holds(base, listing)
  }
  return bases.filter(base => !stands(base)).map(resource => ({ resource, found: undefined }))
}

/**
 * The nftables resources that do not stand; one that is missing hides no other.
 *
 * @throws KernelError where nft cannot be asked
 */
export async function missingNft(tools: Tools, resources: readonly Resource[]): Promise<readonly MissingNft[]> {
  const all = resources.filter(isNft)
  const bases = all.flatMap(nft => (isElement(nft) ? [] : [nft]))
  const families = [...new Set(bases.map(({ family }) => family))]
  const questions = questionsOf(all.filter(isElement))
  const parts = await Promise.all([
    judged(
      tools,
      questions.filter(({ apart }) => !apart),
    ),
    ...questions.filter(({ apart }) => apart).map(each => judged(tools, [each])),
    ...families.map(family =>
      missingBases(
        tools,
        family,
        bases.filter(base => base.family === family),
      ),
    ),
  ])
  return parts.flat()
}
