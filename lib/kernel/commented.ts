/** Elements of our tables that say whose they are, by their comments, as `nft list` prints them. */
import { listTable } from './nft-objects.ts'
import { table, words } from './nft-script.ts'
import { KernelError } from './resource.ts'
import { token } from './token.ts'
import { faultOf, type Tools } from './tool.ts'

/** An element, in nft's own words. */
export interface Commented {
  readonly family: 'inet' | 'bridge'
  readonly set: string
  readonly key: string
  readonly comment: string
}

const part = '((?:"[^"]*"|[^",{}])+?)'
const entry = new RegExp(`(?:\\{|,)\\s*${part} comment "([^"]*)"`, 'g')

/** The elements with comments of a listing of a table. */
export function commentedIn(family: Commented['family'], listing: string): readonly Commented[] {
  const sets = listing.matchAll(/^\t(?:set|map) (\S+) \{\n[\s\S]*?^\t\}/gm)
  return [...sets].flatMap(([block, set = '']) => {
    const start = block.indexOf('elements = {')
    if (start < 0) return []
    return [...block.slice(start).matchAll(entry)].map(([, key = '', comment = '']) => ({
      family,
      set,
      key: key.trim(),
      comment,
    }))
  })
}

const commentedOf = async (tools: Tools, family: Commented['family']): Promise<readonly Commented[]> =>
  commentedIn(family, (await listTable(tools, family)) ?? '')

/** Every element of ours that has a comment. Throws KernelError where the tables cannot be listed. */
export const commentedElements = async (tools: Tools): Promise<readonly Commented[]> =>
  (await Promise.all([commentedOf(tools, 'inet'), commentedOf(tools, 'bridge')])).flat()

/** Deletes elements; one that has gone meanwhile is fine. Throws KernelError. */
export async function deleteCommented(tools: Tools, elements: readonly Commented[]): Promise<void> {
  for (const { family, set, key } of elements) {
    const { code, stderr } = await tools.nft(`delete element ${family} ${table} ${token(set)} { ${words(key)} }\n`)
    if (code !== 0 && faultOf(stderr) !== 'absent') throw new KernelError(`nft: ${stderr.trim()}`, faultOf(stderr))
  }
}
