/** What has to be done so that a directory has our files and nobody loses theirs. Pure. */
import type { Manifest } from './place.ts'

/** A file that should stand, by the identity of its content. */
export interface Wish {
  readonly name: string
  readonly identity: string
}

/**
 * `make`: there is nothing yet; `update`: the file is ours; `replace`: it is somebody else's, and is kept for later;
 * `remove`: it was ours, and is not wanted any more; `leave`: it was ours, and somebody has changed it.
 */
export type Action = 'make' | 'update' | 'replace' | 'remove' | 'leave'

export interface Step {
  readonly action: Action
  readonly name: string
}

export interface Plan {
  readonly steps: readonly Step[]
  /** Files of others that are in the way. */
  readonly foreign: readonly string[]
  /** Directories that are in the way: they cannot be kept under a second name, as files can. */
  readonly directories: readonly string[]
}

/** The identity of what stands under a name; undefined where nothing does. */
export type Seen = (name: string) => string | undefined

function actionFor({ name, identity }: Wish, { files }: Manifest, seen: Seen): Action | undefined {
  const now = seen(name)
  if (now === undefined) return 'make'
  if (now === identity) return undefined
  return files[name]?.includes(now) ? 'update' : 'replace'
}

/** A file that was ours goes, unless it is another by now; one that has gone by itself needs nothing. */
function farewellTo(name: string, { files }: Manifest, seen: Seen): Step[] {
  const now = seen(name)
  if (now === undefined) return []
  return [{ action: files[name]?.includes(now) ? 'remove' : 'leave', name }]
}

/**
 * The steps from what stands to what is wished for.
 *
 * @param replace whether files of others may give way
 */
export function planOf(wishes: readonly Wish[], manifest: Manifest, seen: Seen, replace: boolean): Plan {
  const wanted = new Set(wishes.map(({ name }) => name))
  const steps = wishes.flatMap(wish => {
    const action = actionFor(wish, manifest, seen)
    return action ? [{ action, name: wish.name }] : []
  })
  const rest = Object.keys(manifest.files).filter(name => !wanted.has(name))
  const strange = steps.filter(({ action }) => action === 'replace').map(({ name }) => name)
  const directories = strange.filter(name => seen(name) === 'directory')
  const farewells = rest.flatMap(name => farewellTo(name, manifest, seen))
  return { steps: [...steps, ...farewells], foreign: replace ? [] : strange, directories }
}
