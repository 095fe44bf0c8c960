/** Our tables as nft lists them. */
import { table } from './nft-script.ts'
import { KernelError, type Nft } from './resource.ts'
import { token } from './token.ts'
import { faultOf, type Tools } from './tool.ts'

/** Chains and sets by kind and name (`chain masq`), in nft's words: the blocks of a listing, each of which begins and ends at one tab. */
export function objectsIn(text: string): ReadonlyMap<string, string> {
  const blocks = text.matchAll(/^\t(chain|set|map) (\S+) \{\n([\s\S]*?)^\t\}/gm)
  return new Map([...blocks].map(([block, kind, name]) => [`${kind} ${name}`, block]))
}

/**
 * Lists our table of a family; undefined where there is none.
 *
 * @param option how: `-t` without elements, `-j` as libnftables-json(5) has it
 * @throws KernelError where it cannot be listed
 */
export async function listTable(tools: Tools, family: Nft['family'], option: '-t' | '-j'): Promise<string | undefined> {
  const output = await tools.run(['nft', option, 'list', 'table', token(family), table])
  if (output.code === 0) return output.stdout
  const fault = faultOf(output.stderr)
  if (fault === 'absent') return undefined
  throw new KernelError(`nft: cannot list table ${family} ${table}: ${output.stderr.trim()}`, fault)
}
