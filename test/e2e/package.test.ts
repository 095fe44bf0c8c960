/** Release files: the Debian package installed, used, and removed again; the tarball; and what they say is in them. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { execa } from 'execa'
import t, { type Test } from 'tap'
import { validateBill } from '../../scripts/sbom.ts'
import { makeFresh } from './fresh.ts'
import { page, server } from './image.ts'
import { type Node, withNode } from './node.ts'
import { runner, startPodman } from './podman.ts'

const deadline = 170_000
const release = resolve(import.meta.dirname, '../../dist/release')

const machine = process.arch === 'x64' ? 'amd64' : 'arm64'

/** The file of this machine. */
const file = (extension: string): string => {
  const name = readdirSync(release).find(each => each.endsWith(`${machine}${extension}`))
  if (!name) throw new Error(`${release} has no ${extension} for ${machine}: run "make dist" first`)
  return resolve(release, name)
}

/** The files of the system and the state of its packages. */
const installed = (node: Node): Promise<string> =>
  node.sh(`find /usr/bin /usr/lib/cni /usr/lib/systemd /usr/share/doc/fairlead /etc/cni -printf '%p %y %m %l\\n' 2>/dev/null | sort
dpkg-query -W -f '\${Package} \${Status}\\n' fairlead 2>/dev/null || :`)

async function used(t: Test, node: Node): Promise<void> {
  const podman = await startPodman(node, '/usr/lib/cni')
  const run = runner(podman, node)
  await podman('network create --subnet 10.99.7.0/24 tdeb')
  await run('-d --name d1 --network tdeb -p 18083:80', server.join(' '))
  t.equal(await node.served('http://127.0.0.1:18083/'), page, 'a container publishes a port')
  t.match(await node.sh('fairlead explain'), / eth0: bridge of network tdeb/, 'by these plugins')
  await podman('rm -f -t 0 -a')
  await podman('network rm tdeb')
}

/** The package's command line puts the same plugins into another directory. */
async function installedElsewhere(t: Test, node: Node): Promise<void> {
  await node.sh('fairlead install --engine native --cni-bin-dir /run/bin --conf-dir /run/net.d')
  t.equal(
    await node.sh('cmp /run/bin/fairlead-native /usr/lib/cni/fairlead-native; readlink /run/bin/bridge'),
    'fairlead-native\n',
  )
  t.match(
    await node.sh('fairlead doctor --cni-bin-dir /run/bin || :'),
    /plugins in \/run\/bin, native: .*; on Node\.js: dhcp/,
  )
  await node.sh('fairlead uninstall --cni-bin-dir /run/bin --conf-dir /run/net.d; test ! -e /run/bin')
}

async function whole(t: Test, node: Node): Promise<void> {
  await makeFresh(node)
  // It takes the place of Debian's own package of plugins.
  await node.sh('dpkg --force-depends --purge containernetworking-plugins 2>/dev/null || :')
  const before = await installed(node)
  await node.sh(`dpkg -i ${file('.deb')}`)
  t.match(await node.sh('fairlead version'), /^fairlead \d/)
  t.match(await node.sh('dpkg -s fairlead'), 'Provides: containernetworking-plugins')
  t.equal(await node.sh('dpkg --verify fairlead'), '', 'every file is as it was packed')
  t.equal(
    await node.sh('cd /usr/lib/cni; readlink bridge portmap dhcp'),
    'fairlead-native\nfairlead-native\nfairlead\n',
  )
  await used(t, node)
  await installedElsewhere(t, node)
  await node.sh('dpkg --force-depends --purge fairlead')
  t.equal(await installed(node), before, 'nothing of it is left')
}

t.test('the Debian package is installed, used and removed', { timeout: deadline }, t =>
  withNode(t, node => whole(t, node)),
)

t.test('checksums are right', async t => {
  const { stdout } = await execa('sha256sum', ['-c', 'SHA256SUMS'], { cwd: release })
  t.match(stdout, /^fairlead_.*\.deb: OK$/m)
})

t.test('the tarball has both builds, each with a bill of what is in it', async t => {
  const place = t.testdir()
  await execa('tar', ['-xzf', file('.tar.gz'), '--strip-components=1', '-C', place])
  for (const [name, ...expected] of [
    ['fairlead', 'node', 'yargs', 'zod'],
    ['fairlead-native', 'quickjs-ng', 'glibc', 'zod'],
  ] as const) {
    const text = readFileSync(`${place}/${name}.cdx.json`, 'utf8')
    await validateBill(text)
    const { metadata, components } = JSON.parse(text)
    const content = createHash('sha256')
      .update(readFileSync(`${place}/bin/${name}`))
      .digest('hex')
    t.same(metadata.component.hashes, [{ alg: 'SHA-256', content }], `${name} is the one that the bill is of`)
    const names = components.map((each: { name: string }) => each.name)
    t.same(
      expected.filter(each => !names.includes(each)),
      [],
    )
    const { stdout } = await execa(`${place}/bin/${name}`, ['version'])
    t.match(stdout, `fairlead ${metadata.component.version}\n`)
  }
})
