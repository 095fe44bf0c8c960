/** What executables are made of, as components of a bill of materials. */
import { readFileSync, realpathSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Enums, Models, SPDX } from '@cyclonedx/cyclonedx-library'
import type { Metafile } from 'esbuild'
import { manifest, read, run } from './building.ts'

interface Locked {
  readonly version: string
  readonly integrity: string
  readonly license?: string
}

const locked = (): Readonly<Record<string, Locked>> =>
  (read('package-lock.json') as { packages: Record<string, Locked> }).packages

interface Traits {
  readonly name: string
  readonly version?: string | undefined
  /** As SPDX writes it. */
  readonly license?: string | undefined
  readonly purl: string
  readonly cpe?: `cpe:${string}`
  readonly type?: Enums.ComponentType
}

/** One licence by its identifier, or several in an expression. */
const licenseOf = (text: string): Models.License =>
  SPDX.isSupportedSpdxId(text) ? new Models.SpdxLicense(text) : new Models.LicenseExpression(text)

/** A component; what it is known by is its package URL, which is the same every time. */
export function component({ name, version, license, purl, cpe, type }: Traits): Models.Component {
  const [group, rest] = /^@/.test(name) ? (name.split('/') as [string, string]) : [undefined, name]
  return new Models.Component(type ?? Enums.ComponentType.Library, rest, {
    bomRef: purl,
    purl,
    ...(group ? { group } : {}),
    ...(version ? { version } : {}),
    ...(cpe ? { cpe } : {}),
    licenses: new Models.LicenseRepository(license ? [licenseOf(license)] : []),
  })
}

/** The archive where the registry has it, and the hash by which package-lock.json pins it. */
function archive(name: string, { version, integrity }: Locked): Models.ExternalReference {
  const url = `https://registry.npmjs.org/${name}/-/${basename(name)}-${version}.tgz`
  const [, digest = ''] = /^sha512-(\S+)$/.exec(integrity) ?? []
  const hashes = new Models.HashDictionary([
    [Enums.HashAlgorithm['SHA-512'], Buffer.from(digest, 'base64').toString('hex')],
  ])
  return new Models.ExternalReference(url, Enums.ExternalReferenceType.Distribution, { hashes })
}

/** The packages whose code is in bundles, as the bundler tells. */
export function packagesIn(metafiles: readonly Metafile[]): readonly Models.Component[] {
  const inputs = metafiles
    .flatMap(({ outputs }) => Object.values(outputs))
    .flatMap(output => Object.entries(output.inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0))
  const folders = inputs.flatMap(([path]) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? [])
  const lock = locked()
  return [...new Set(folders)].sort().map(folder => {
    const found = lock[folder]
    if (!found) throw new Error(`${folder} is not in package-lock.json`)
    const { version, license } = found
    const name = folder.replace(/^.*node_modules\//, '')
    const made = component({ name, version, license, purl: `pkg:npm/${name.replace('@', '%40')}@${version}` })
    made.externalReferences.add(archive(name, found))
    return made
  })
}

/** Those of Node.js's versions that are of no code. */
const notCode = new Set(['node', 'modules', 'napi', 'cldr', 'tz', 'unicode'])

/** Node.js for a machine, and what that is made of. */
export function nodeFor(arch: string): Models.Component {
  const name = `node-linux-${arch}`
  const version = manifest.optionalDependencies[name] ?? ''
  if (version !== process.versions.node) throw new Error(`cannot tell what is in Node.js ${version}: this is another`)
  const made = component({
    name: 'node',
    version,
    license: 'MIT',
    purl: `pkg:generic/node@${version}`,
    cpe: `cpe:2.3:a:nodejs:node.js:${version}:*:*:*:*:*:*:*`,
    type: Enums.ComponentType.Platform,
  })
  const found = locked()[`node_modules/${name}`]
  if (found) made.externalReferences.add(archive(name, found))
  for (const [part, value] of Object.entries(process.versions)) {
    // What this build of it leaves out has no version.
    if (!value || notCode.has(part)) continue
    made.components.add(component({ name: part, version: value, purl: `pkg:generic/${part}@${value}` }))
  }
  return made
}

/** The version of QuickJS-ng, as its own header has it. */
export function quickjsVersion(sources: string): string {
  const text = readFileSync(join(sources, 'quickjs.h'), 'utf8')
  const number = (part: string): string => new RegExp(`^#define QJS_VERSION_${part} (\\d+)`, 'm').exec(text)?.[1] ?? '0'
  return ['MAJOR', 'MINOR', 'PATCH'].map(number).join('.')
}

/** The small engine. */
export const quickjs = (sources: string): Models.Component => {
  const version = quickjsVersion(sources)
  return component({ name: 'quickjs-ng', version, license: 'MIT', purl: `pkg:github/quickjs-ng/quickjs@v${version}` })
}

/** The Debian package that a file belongs to; undefined on other systems. */
function packageWith(file: string): { version: string; purl: string } | undefined {
  try {
    const owner = run('dpkg-query', ['-S', realpathSync(file)]).split(': ')[0] ?? ''
    const [shown = '', version = ''] = run('dpkg-query', ['-W', owner]).split('\t')
    const [name, architecture = 'all'] = shown.split(':')
    const system = /^ID=(\w+)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'debian'
    const purl = `pkg:deb/${system}/${name}@${encodeURIComponent(version)}?arch=${architecture}`
    return { version, purl }
  } catch {
    return undefined
  }
}

const archives = [
  { name: 'glibc', ask: '-print-file-name=libc.a', license: 'LGPL-2.1-or-later' },
  { name: 'libgcc', ask: '-print-libgcc-file-name', license: 'GPL-3.0-or-later WITH GCC-exception-3.1' },
]

/** The libraries that a compiler links statically. */
export const librariesOf = (compiler: string): readonly Models.Component[] =>
  archives.map(({ name, ask, license }) => {
    const { version, purl } = packageWith(run(compiler, [ask])) ?? { purl: `pkg:generic/${name}` }
    return component({ name, version, license, purl })
  })
