/** Rules in nftables that other programs made and tagged with a comment: found by that, and only ever removed. */
import { KernelError, type NftTagged, nameOf } from './resource.ts'
import { token } from './token.ts'
import { faultOf, type Tools } from './tool.ts'

const isTagged = (line: string, { comment, match, holding }: NftTagged): boolean => {
  const found = / comment "([^"]*)" # handle \d+$/.exec(line)?.[1]
  if (found === undefined || !(match === 'whole' ? found === comment : found.startsWith(comment))) return false
  return holding === undefined || holding.some(text => line.includes(text))
}

/**
 * The commands that delete the tagged rules of a listing with handles.
 *
 * @param listing what `nft -a list table` prints
 */
export function taggedScript(listing: string, tagged: NftTagged): string {
  let chain = ''
  const lines = listing.split('\n').flatMap(line => {
    chain = /^\s*chain (\S+) \{/.exec(line)?.[1] ?? chain
    if (!isTagged(line, tagged)) return []
    const handle = line.slice(line.lastIndexOf(' ') + 1)
    return [`delete rule ${token(tagged.family)} ${token(tagged.table)} ${token(chain)} handle ${token(handle)}\n`]
  })
  return lines.join('')
}

async function removeOne(tools: Tools, tagged: NftTagged): Promise<void> {
  const list = await tools.run(['nft', '-a', 'list', 'table', token(tagged.family), token(tagged.table)])
  const script = list.code === 0 ? taggedScript(list.stdout, tagged) : ''
  if (script === '') return
  const { code, stderr } = await tools.nft(script)
  const fault = faultOf(stderr)
  if (code !== 0 && fault !== 'absent') throw new KernelError(`${nameOf(tagged)}: ${stderr.trim()}`, fault, tagged)
}

/**
 * Removes tagged rules; where there is no such table, or no nft, there are none.
 *
 * @throws KernelError where one that is there cannot be removed
 */
export async function removeTagged(tools: Tools, tagged: readonly NftTagged[]): Promise<void> {
  // One transaction at a time: they may be about the same table.
  for (const each of tagged) await removeOne(tools, each)
}
