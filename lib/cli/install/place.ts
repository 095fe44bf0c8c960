/**
 * A directory that others use too, and what is ours in it: `.fairlead/manifest.json` says which files we put there, and
 * `.fairlead/replaced/` keeps what stood in their places.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { lstat, readdir, readFile, readlink, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { CniError, code } from '../../cni/error.ts'
import { makeDirectory } from '../../host/node-files.ts'
import { jsonText } from '../word.ts'

export interface Manifest {
  /** Files of ours by their names in the directory, each with the identities that its content may have. */
  readonly files: Readonly<Record<string, readonly string[]>>
  /** Directories that were made for it, the outermost first. */
  readonly made: readonly string[]
}

const noManifest: Manifest = { files: {}, made: [] }

const own = (directory: string): string => join(directory, '.fairlead')
const manifestPath = (directory: string): string => join(own(directory), 'manifest.json')

/** Where that which stood in the place of a file is kept. */
export const keptPath = (directory: string, name: string): string => join(own(directory), 'replaced', name)

/**
 * Where a file is made before it takes its place. It is in the directory itself: containerd looks at its networks again
 * when a file there is written, renamed or removed, not when one comes from another directory.
 */
export const freshPath = (directory: string): string => join(directory, '.fairlead-new')

const isAbsent = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')

const orAbsent = <T>(value: Promise<T>): Promise<T | undefined> =>
  value.catch(error => {
    if (isAbsent(error)) return undefined
    throw error
  })

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

/** The identity of a text as a file. */
export const identityOfText = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`

/** The identity of a symbolic link. */
export const identityOfLink = (target: string): string => `link:${target}`

/** The identity of what a path has: `sha256:…` of a file, `link:…`, `directory`, or `other`; undefined where there is nothing. */
export async function identityOf(path: string): Promise<string | undefined> {
  const found = await orAbsent(lstat(path))
  if (!found) return undefined
  if (found.isSymbolicLink()) return identityOfLink(await readlink(path))
  if (found.isDirectory()) return 'directory'
  return found.isFile() ? `sha256:${await digestOf(path)}` : 'other'
}

/**
 * What is ours in a directory.
 *
 * @throws CniError 5 for a manifest that cannot be understood
 */
export async function readManifest(directory: string): Promise<Manifest> {
  const path = manifestPath(directory)
  const text = await orAbsent(readFile(path, 'utf8'))
  if (text === undefined) return noManifest
  try {
    const { files, made } = JSON.parse(text)
    if (typeof files === 'object' && files !== null && Array.isArray(made)) return { files, made }
  } catch {
    // Told below, as any other content that is none of ours.
  }
  throw new CniError(code.io, `Cannot tell what is ours in ${directory}: ${path} makes no sense. Move it away`)
}

/** Writes down what is ours in a directory; with nothing, what we keep there for ourselves goes. */
export async function writeManifest(directory: string, manifest: Manifest): Promise<void> {
  if (Object.keys(manifest.files).length === 0) {
    await rm(freshPath(directory), { force: true })
    await rm(own(directory), { recursive: true, force: true })
    return
  }
  makeDirectory(join(own(directory), 'replaced'))
  await writeFile(freshPath(directory), jsonText(manifest))
  await rename(freshPath(directory), manifestPath(directory))
}

/** Removes directories that were made for us, as far as they are empty. */
export async function removeDirectories(made: readonly string[]): Promise<void> {
  for (const each of made.toReversed()) {
    const inside = await orAbsent(readdir(each))
    if (inside?.length === 0) await rmdir(each)
  }
}
