/** Verification of nftables resources: one process where all is well, one for each object where it is not. */
import { listed } from './nft.ts'
import { dataIn, holds, listedElements, standsIn } from './nft-elements.ts'
import { at, bySet, type Element, isElement, isNft, words } from './nft-script.ts'
import type { Nft, Resource } from './resource.ts'
import { token } from './token.ts'
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

/** Of more than these, asking for each takes longer than to list all that there are. */
const most = 1_024

/**
 * A set is never listed beside a chain: nft 1.0.6 then prints rules without the other sets that they look into.
 */
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

function aboutBase(resource: Exclude<Nft, Element>): Question {
  const judge: Question['judge'] = async listing =>
    listing !== undefined && holds(resource, listing) ? [] : [{ resource, found: undefined }]
  return { text: `list ${resource.object} ${at(resource)} ${token(resource.name)}`, judge }
}

/** Questions about elements, chains and sets. */
function questionsOf(resources: readonly Nft[]): readonly Question[] {
  const bases = resources.flatMap(nft => (isElement(nft) ? [] : [nft]))
  const questions = [
    ...[...bySet(resources.filter(isElement))].flatMap(([set, some]) => aboutElements(set, some)),
    ...bases.map(aboutBase),
  ]
  return [...new Map(questions.map(question => [question.text, question])).values()]
}

/** Without what rules look into, for it is there if they are: listing a set would list what everybody has in it. */
function withoutImplied(resources: readonly Nft[]): readonly Nft[] {
  const rules = resources.flatMap(nft => (nft.object === 'chain' ? nft.rules : []))
  const used = new Set(rules.flatMap(rule => rule.match(/(?<=@)\S+/g) ?? []))
  return resources.filter(nft => isElement(nft) || nft.object === 'chain' || !used.has(nft.name))
}

/** The answers of one process to all questions, if every one has one. */
async function askTogether(tools: Tools, questions: readonly Question[]): Promise<readonly string[] | undefined> {
  const { code, stdout } = await tools.nft(questions.map(({ text }) => `${text}\n`).join(''))
  const answers = stdout.split(/^(?=table )/m)
  return code === 0 && answers.length === questions.length ? answers : undefined
}

/**
 * The nftables resources that do not stand; one that is missing hides no other.
 *
 * @throws KernelError where nft cannot be asked
 */
export async function missingNft(tools: Tools, resources: readonly Resource[]): Promise<readonly MissingNft[]> {
  const all = resources.filter(isNft)
  if (all.length === 0) return []
  const questions = questionsOf(withoutImplied(all))
  const few = questions.filter(({ apart }) => !apart)
  const answers = await askTogether(tools, few)
  const alone = async ({ text, judge }: Question) => {
    const { code, stdout } = await tools.nft(`${text}\n`)
    return judge(code === 0 ? stdout : undefined, tools)
  }
  const found = answers
    ? [
        ...few.map(({ judge }, index) => judge(answers[index], tools)),
        ...questions.filter(each => each.apart).map(alone),
      ]
    : questionsOf(all).map(alone)
  return (await Promise.all(found)).flat()
}
