/** Verification of nftables resources: a process for each table, and one for the elements; more where some are missing. */
import { listed } from './nft.ts'
import { dataIn, listedElements, standsIn } from './nft-elements.ts'
import { type Base, type MissingNft, missingBases } from './nft-objects.ts'
import { at, bySet, type Element, isElement, isNft, words } from './nft-script.ts'
import type { Resource } from './resource.ts'
import type { Tools } from './tool.ts'

/** Elements of one set, and the words that ask nft for them. */
interface Question {
  readonly text: string
  readonly elements: readonly Element[]
}

/** The kernel answers no question about more elements than these. */
const many = 64
/** Of more than these, asking for each takes longer than to list all that there are. */
const most = 1_024

const misses = (elements: readonly Element[], now: ReadonlyMap<string, string>): MissingNft[] =>
  elements.filter(each => !standsIn(now, each)).map(resource => ({ resource, found: dataIn(now, resource) }))

function questionsOf([set, elements]: readonly [string, readonly Element[]]): Question[] {
  const pieces = Array.from({ length: Math.ceil(elements.length / many) }, (_, n) =>
    elements.slice(n * many, (n + 1) * many),
  )
  return pieces.map(some => ({
    text: `get element ${set} { ${some.map(({ key }) => words(key)).join(', ')} }\n`,
    elements: some,
  }))
}

/** Asks by one process; where nft refuses, which it does for all because of one, each half by itself. */
async function missingOf(tools: Tools, questions: readonly Question[]): Promise<readonly MissingNft[]> {
  if (questions.length === 0) return []
  const { code, stdout } = await tools.nft(questions.map(({ text }) => text).join(''))
  const answers = code === 0 ? stdout.split(/^(?=table )/m) : []
  if (answers.length === questions.length) {
    return questions.flatMap(({ elements }, index) => misses(elements, listedElements(answers[index] ?? '')))
  }
  const [{ elements } = { elements: [] }, ...others] = questions
  if (others.length === 0) return misses(elements, await listed(tools, elements))
  const middle = questions.length >> 1
  const halves = [questions.slice(0, middle), questions.slice(middle)]
  return (await Promise.all(halves.map(half => missingOf(tools, half)))).flat()
}

/** One of those that are described several times: two features of a network may look into the same set. */
const distinct = (bases: readonly Base[]): readonly Base[] => [
  ...new Map(bases.map(base => [`${base.object} ${at(base)} ${base.name}`, base])).values(),
]

/**
 * The nftables resources that do not stand; one that is missing hides no other.
 *
 * @throws KernelError where nft cannot be asked
 */
export async function missingNft(tools: Tools, resources: readonly Resource[]): Promise<readonly MissingNft[]> {
  const all = resources.filter(isNft)
  const bases = all.flatMap(nft => (isElement(nft) ? [] : [nft]))
  const sets = [...bySet(all.filter(isElement))]
  const [large, small] = [sets.filter(([, some]) => some.length > most), sets.filter(([, some]) => some.length <= most)]
  const parts = await Promise.all([
    missingOf(tools, small.flatMap(questionsOf)),
    ...large.map(async ([, some]) => misses(some, await listed(tools, some))),
    missingBases(tools, distinct(bases)),
  ])
  return parts.flat()
}
