/** The files of an installation. */
import { runsNatively } from '../../../plugins/index.ts'
import type { Json } from '../../cni/json.ts'
import { jsonText } from '../word.ts'
import { executables } from './engine.ts'
import { identityOf, identityOfLink, identityOfText } from './place.ts'
import type { Wish } from './plan.ts'

/** A file of ours: a copy of an executable, a link, or a text. */
export interface File extends Wish {
  readonly content: { readonly source: string } | { readonly target: string } | { readonly text: string }
}

async function copy(name: string, source: string): Promise<File> {
  return { name, identity: (await identityOf(source)) ?? '', content: { source } }
}

/**
 * The executables and a link for each plugin: its name tells the one that it leads to which plugin it is.
 *
 * @param native the native executable; undefined where all plugins are to run on Node.js
 */
export async function programs(
  source: string,
  native: string | undefined,
  plugins: readonly string[],
): Promise<readonly File[]> {
  const isNative = (name: string): boolean => native !== undefined && runsNatively(name)
  const links = plugins.map(name => {
    const target = isNative(name) ? executables.native : executables.node
    return { name, identity: identityOfLink(target), content: { target } }
  })
  const second = native !== undefined && plugins.some(isNative) ? [await copy(executables.native, native)] : []
  return [await copy(executables.node, source), ...second, ...links]
}

/** A file of JSON. */
export function document(name: string, value: Json): File {
  const text = jsonText(value)
  return { name, identity: identityOfText(text), content: { text } }
}
