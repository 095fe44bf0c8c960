/** Node.js as the executable carries it. */
import { copyFileSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { machines, manifest, read, root, run } from './building.ts'

const binutils: Readonly<Record<string, string>> = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' }

/** Node.js for an architecture from its npm package: installed, or for another machine packed and verified. */
function baseOf(arch: string): string {
  const name = `node-linux-${arch}`
  const installed = join(root, 'node_modules', name, 'bin', 'node')
  if (existsSync(installed)) return installed
  const version = manifest.optionalDependencies[name]
  const folder = join(root, 'build', `${name}-${version}`)
  const file = join(folder, 'package', 'bin', 'node')
  if (existsSync(file)) return file
  mkdirSync(folder, { recursive: true })
  const answer = run('npm', ['pack', '--json', '--pack-destination', folder, `${name}@${version}`])
  const [packed] = JSON.parse(answer) as { filename: string; integrity: string }[]
  const lock = read('package-lock.json') as { packages: Record<string, { integrity: string }> }
  const expected = lock.packages[`node_modules/${name}`]?.integrity
  if (!packed || packed.integrity !== expected) throw new Error(`${name}@${version} is not what package-lock.json pins`)
  run('tar', ['-xzf', packed.filename, 'package/bin/node'], folder)
  return file
}

/** The base without its symbols, which nobody reads at run time: a sixth of its size. */
export function strippedBase(arch: string): string {
  const base = baseOf(arch)
  const file = join(root, 'build', `node-${arch}`)
  copyFileSync(base, file)
  const own = machines[process.arch] === arch
  run(own ? 'strip' : `${binutils[arch]}-strip`, [file])
  return file
}
