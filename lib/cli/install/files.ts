/** The files of an installation. */
import type { Json } from '../../cni/json.ts'
import { jsonText } from '../word.ts'
import { identityOf, identityOfLink, identityOfText } from './place.ts'
import type { Wish } from './plan.ts'

/** A file of ours: a copy of an executable, a link, or a text. */
export interface File extends Wish {
  readonly content: { readonly source: string } | { readonly target: string } | { readonly text: string }
}

const executable = 'fairlead'

/** The executable and a link for each plugin: its name tells it which one it is. */
export async function programs(source: string, plugins: readonly string[]): Promise<readonly File[]> {
  const identity = (await identityOf(source)) ?? ''
  const links = plugins.map(name => ({ name, identity: identityOfLink(executable), content: { target: executable } }))
  return [{ name: executable, identity, content: { source } }, ...links]
}

/** A file of JSON. */
export function document(name: string, value: Json): File {
  const text = jsonText(value)
  return { name, identity: identityOfText(text), content: { text } }
}
