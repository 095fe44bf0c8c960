/** Our tables as nft lists them, and the chains and sets that are in them. */
import { holds } from './nft-elements.ts'
import { type Element, table } from './nft-script.ts'
import { KernelError, type Nft } from './resource.ts'
import { token } from './token.ts'
import { faultOf, type Tools } from './tool.ts'

/** What elements stand on: a chain, a set or a map. */
export type Base = Exclude<Nft, Element>

/** A resource that does not stand, and what an element's key leads to instead. */
export interface MissingNft {
  readonly resource: Nft
  readonly found: string | undefined
}

/** By kind and name (`chain masq`): the blocks of a listing, each of which begins and ends at one tab. */
function objectsIn(text: string): ReadonlyMap<string, string> {
  const blocks = text.matchAll(/^\t(chain|set|map) (\S+) \{\n([\s\S]*?)^\t\}/gm)
  return new Map([...blocks].map(([block, kind, name]) => [`${kind} ${name}`, block]))
}

/**
 * Lists our table of a family; undefined where there is none.
 *
 * @param options how: `-t` without elements, `-j` as libnftables-json(5) has it
 * @throws KernelError where it cannot be listed
 */
export async function listTable(
  tools: Tools,
  family: Nft['family'],
  ...options: readonly ('-t' | '-j')[]
): Promise<string | undefined> {
  const output = await tools.run(['nft', ...options, 'list', 'table', token(family), table])
  if (output.code === 0) return output.stdout
  const fault = faultOf(output.stderr)
  if (fault === 'absent') return undefined
  throw new KernelError(`nft: cannot list table ${family} ${table}: ${output.stderr.trim()}`, fault)
}

/**
 * Those that do not stand as described. One process for each table: nft 1.0.6 refuses a script that lists two chains, or a
 * chain beside a set.
 *
 * @throws KernelError where a table cannot be listed
 */
export async function missingBases(tools: Tools, bases: readonly Base[]): Promise<readonly MissingNft[]> {
  const families = [...new Set(bases.map(({ family }) => family))]
  const missing = families.map(async family => {
    const objects = objectsIn((await listTable(tools, family, '-t')) ?? '')
    const stands = (base: Base): boolean => {
      const listing = objects.get(`${base.object} ${base.name}`)
      return listing !== undefined && holds(base, listing)
    }
    return bases.filter(base => base.family === family && !stands(base))
  })
  return (await Promise.all(missing)).flat().map(resource => ({ resource, found: undefined }))
}
