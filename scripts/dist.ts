/**
 * Release files: for each machine a tarball and a Debian package, with both builds, and their checksums. From the same
 * sources they are the same to the last byte: times are that of the commit, and owners root.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { executables } from '../lib/cli/install/engine.ts'
import { names, runsNatively } from '../plugins/index.ts'
import { epoch, read, root } from './building.ts'

const { version, description } = read('package.json') as Record<string, string>
const release = join(root, 'dist/release')
const work = join(root, 'build/release')

/** Names of machines in Debian and in tarballs, and those that Node.js has for them. */
const machines = { amd64: 'x64', arm64: 'arm64' } as const
type Machine = keyof typeof machines

const run = (file: string, args: readonly string[]): string =>
  execFileSync(file, args, { cwd: root, encoding: 'utf8', env: { ...process.env, SOURCE_DATE_EPOCH: epoch } }).trim()

function put(source: string, target: string, mode = 0o644): void {
  mkdirSync(dirname(target), { recursive: true })
  copyFileSync(source, target)
  chmodSync(target, mode)
}

/** Where an executable was built, and how it is called in a release. */
function builds(machine: Machine): readonly (readonly [built: string, name: string])[] {
  const place = join(root, machines[machine] === process.arch ? 'dist' : `dist/${machines[machine]}`)
  return [
    [join(place, 'fairlead'), executables.node],
    [join(place, 'native/fairlead'), executables.native],
  ]
}

/** The executables, and for each plugin a link to the one that it runs in. */
function plugins(machine: Machine, directory: string): void {
  for (const [built, name] of builds(machine)) put(built, join(directory, name), 0o755)
  for (const name of names)
    symlinkSync(runsNatively(name) ? executables.native : executables.node, join(directory, name))
}

function documents(machine: Machine, directory: string): void {
  for (const [built, name] of builds(machine)) put(`${built}.cdx.json`, join(directory, `${name}.cdx.json`))
  for (const name of ['README.md', 'CHANGELOG.md', 'LICENSE']) put(join(root, name), join(directory, name))
  cpSync(join(root, 'conf'), join(directory, 'conf'), { recursive: true })
}

function tarball(machine: Machine): void {
  const name = `fairlead-${version}-linux-${machine}`
  plugins(machine, join(work, name, 'bin'))
  documents(machine, join(work, name))
  const same = [
    '--sort=name',
    `--mtime=@${epoch}`,
    '--owner=0',
    '--group=0',
    '--numeric-owner',
    '--mode=u+rwX,go+rX,go-w',
  ]
  run('tar', ['-C', work, ...same, '--use-compress-program=gzip -n', '-cf', join(release, `${name}.tar.gz`), name])
}

/** Where Debian's runtimes look for plugins. */
const debianBin = '/usr/lib/cni'

const control = (machine: Machine, kilobytes: number): string => `Package: fairlead
Version: ${version}
Architecture: ${machine}
Maintainer: fairlead <noreply@localhost>
Section: net
Priority: optional
Installed-Size: ${kilobytes}
Depends: iproute2 (>= 5.15), nftables (>= 1.0), util-linux, coreutils
Recommends: conntrack
Suggests: iptables, udhcpc, etcd-server
Provides: containernetworking-plugins
Conflicts: containernetworking-plugins
Replaces: containernetworking-plugins
Description: ${description}
`

const unitsOf = (): readonly string[] =>
  readdirSync(join(root, 'conf')).filter(name => /\.(service|socket)$/.test(name))

function debian(machine: Machine): void {
  const tree = join(work, `deb-${machine}`)
  plugins(machine, join(tree, debianBin))
  mkdirSync(join(tree, 'usr/bin'), { recursive: true })
  symlinkSync('../lib/cni/fairlead', join(tree, 'usr/bin/fairlead'))
  documents(machine, join(tree, 'usr/share/doc/fairlead'))
  put(join(root, 'LICENSE'), join(tree, 'usr/share/doc/fairlead/copyright'))
  for (const name of unitsOf()) {
    const target = join(tree, 'usr/lib/systemd/system', name)
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, readFileSync(join(root, 'conf', name), 'utf8').replaceAll('/opt/cni/bin/', '/usr/bin/'))
  }
  const kilobytes = Number(run('du', ['-sk', tree]).split('\t')[0])
  mkdirSync(join(tree, 'DEBIAN'))
  writeFileSync(join(tree, 'DEBIAN/control'), control(machine, kilobytes))
  run('chmod', ['-R', 'u+rwX,go+rX,go-w', tree])
  const file = join(release, `fairlead_${version}_${machine}.deb`)
  run('dpkg-deb', ['--root-owner-group', '-Zzstd', '-z9', '--build', tree, file])
}

function checksums(): void {
  const lines = readdirSync(release).map(name => {
    const digest = createHash('sha256')
      .update(readFileSync(join(release, name)))
      .digest('hex')
    return `${digest}  ${name}\n`
  })
  writeFileSync(join(release, 'SHA256SUMS'), lines.join(''))
}

for (const directory of [release, work]) {
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(directory, { recursive: true })
}
// Without a name, for all of them.
const wanted = process.argv.slice(2)
const isWanted = (machine: Machine) => wanted.length === 0 || wanted.includes(machines[machine])
for (const machine of (Object.keys(machines) as Machine[]).filter(isWanted)) {
  tarball(machine)
  debian(machine)
}
checksums()
rmSync(work, { recursive: true })
for (const name of readdirSync(release)) process.stdout.write(`dist/release/${name}\n`)
