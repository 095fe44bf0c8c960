/** Carrying out a plan: every file changes in one step, and at every moment the manifest knows what may be ours. */
import { chmod, link, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { makeDirectory } from '../../host/node-files.ts'
import type { File } from './files.ts'
import { freshPath, identityOf, keptPath, readManifest, removeDirectories, writeManifest } from './place.ts'
import { type Plan, planOf, type Step } from './plan.ts'

/** What should stand in a directory. */
export interface Place {
  readonly directory: string
  readonly files: readonly File[]
}

/** Compares a directory with what should stand there. Throws as `readManifest` does. */
export async function planFor({ directory, files }: Place, replace: boolean): Promise<Plan> {
  const manifest = await readManifest(directory)
  const names = new Set([...files.map(({ name }) => name), ...Object.keys(manifest.files)])
  const seen = new Map(
    await Promise.all([...names].map(async name => [name, await identityOf(join(directory, name))] as const)),
  )
  return planOf(files, manifest, name => seen.get(name), replace)
}

/** There is the old file, or the new one. */
async function put(directory: string, { name, content }: File): Promise<void> {
  const fresh = freshPath(directory)
  await rm(fresh, { force: true })
  if ('text' in content) await writeFile(fresh, content.text)
  else if ('target' in content) await symlink(content.target, fresh)
  else {
    // In large pieces, for the kernel keeps them so: see `writeInOnePiece` of the build.
    await writeFile(fresh, await readFile(content.source))
    await chmod(fresh, 0o755)
  }
  await rename(fresh, join(directory, name))
}

/** A second name for what stands there: it never is away, and comes back as it was. */
async function keep(directory: string, name: string): Promise<void> {
  const kept = keptPath(directory, name)
  makeDirectory(dirname(kept))
  await rm(kept, { force: true })
  await link(join(directory, name), kept)
}

/** What stood there before comes back, or nothing is left. */
async function giveBack(directory: string, name: string): Promise<void> {
  const path = join(directory, name)
  const [kept, fresh] = [keptPath(directory, name), freshPath(directory)]
  if ((await identityOf(kept)) === undefined) return rm(path)
  await rm(fresh, { force: true })
  await link(kept, fresh)
  await rename(fresh, path)
  await rm(kept)
}

async function carryOut({ directory, files }: Place, { action, name }: Step): Promise<void> {
  if (action === 'leave') return
  if (action === 'remove') return giveBack(directory, name)
  if (action === 'replace') await keep(directory, name)
  const file = files.find(each => each.name === name)
  if (file) await put(directory, file)
}

/**
 * Makes a directory have these files, and no others of ours.
 *
 * @param tell hears of each step before it is done
 */
export async function apply(place: Place, { steps }: Plan, tell: (step: Step) => Promise<void>): Promise<void> {
  const { directory, files } = place
  const before = await readManifest(directory)
  if (files.length === 0 && Object.keys(before.files).length === 0) return
  const made = [...before.made, ...makeDirectory(directory)]
  const wanted = Object.fromEntries(files.map(({ name, identity }) => [name, [identity]]))
  // If we are ended on the way, a file that was to change is ours with either content.
  const either = files.map(({ name, identity }) => [name, [identity, ...(before.files[name] ?? [])]] as const)
  await writeManifest(directory, { files: { ...before.files, ...Object.fromEntries(either) }, made })
  for (const step of steps) {
    await carryOut(place, step)
    await tell(step)
  }
  await writeManifest(directory, { files: wanted, made })
  if (files.length === 0) await removeDirectories(made)
}
