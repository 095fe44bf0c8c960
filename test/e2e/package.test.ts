/** The Debian package: installed, used, and removed again. */
import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { execa } from 'execa'
import t, { type Test } from 'tap'
import { makeFresh } from './fresh.ts'
import { page, server } from './image.ts'
import { type Node, withNode } from './node.ts'
import { runner, startPodman } from './podman.ts'

const deadline = 170_000
const release = resolve(import.meta.dirname, '../../dist/release')

/** The files of the system and the state of its packages. */
const installed = (node: Node): Promise<string> =>
  node.sh(`find /usr/bin /usr/lib/cni /usr/lib/systemd /usr/share/doc/fairlead /etc/cni -printf '%p %y %m %l\\n' 2>/dev/null | sort
dpkg-query -W -f '\${Package} \${Status}\\n' fairlead 2>/dev/null || :`)

async function used(t: Test, node: Node): Promise<void> {
  const podman = await startPodman(node, '/usr/lib/cni')
  const run = runner(podman, node)
  await podman('network create --subnet 10.99.7.0/24 tdeb')
  await run('-d --name d1 --network tdeb -p 18083:80', server.join(' '))
  t.equal(await node.fetch('http://127.0.0.1:18083/'), page, 'a container publishes a port')
  t.match(await node.sh('fairlead explain'), / eth0: bridge of network tdeb/, 'by these plugins')
  await podman('rm -f -t 0 -a')
  await podman('network rm tdeb')
}

async function whole(t: Test, node: Node): Promise<void> {
  const [file] = readdirSync(release).filter(name =>
    name.endsWith(`_${process.arch === 'x64' ? 'amd64' : 'arm64'}.deb`),
  )
  await makeFresh(node)
  // It takes the place of Debian's own package of plugins.
  await node.sh('dpkg --force-depends --purge containernetworking-plugins 2>/dev/null || :')
  const before = await installed(node)
  await node.sh(`dpkg -i ${release}/${file}`)
  t.match(await node.sh('fairlead version'), /^fairlead \d/)
  t.match(await node.sh('dpkg -s fairlead'), 'Provides: containernetworking-plugins')
  t.equal(await node.sh('dpkg --verify fairlead'), '', 'every file is as it was packed')
  await used(t, node)
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
