/** The image that puts fairlead on nodes of Kubernetes, run as its DaemonSet does. */
import { resolve } from 'node:path'
import { execa } from 'execa'
import t, { type Test } from 'tap'
import { startApiServer } from './api-server.ts'
import { type Node, withNode } from './node.ts'
import { env, startPodman } from './podman.ts'

const deadline = 170_000
const root = resolve(import.meta.dirname, '../..')
const name = 'localhost/fairlead:test'
const account = '/var/run/secrets/kubernetes.io/serviceaccount'

async function buildOn(node: Node): Promise<void> {
  const { stdout } = await execa('scripts/image.sh', { cwd: root })
  await node.run(['buildah', 'build', '--isolation', 'chroot', '-t', name, `${root}/${stdout.trim()}`], { env })
}

async function whole(t: Test, node: Node): Promise<void> {
  const podman = await startPodman(node)
  await buildOn(node)
  // The node's own directory of plugins, in which somebody else's are.
  await node.sh('rm /opt/cni/bin; mkdir -p /opt/cni/bin; echo theirs > /opt/cni/bin/bridge')
  const before = await node.sh('find /opt/cni /etc/cni | sort; cat /opt/cni/bin/bridge')
  const { env: server, directory } = await startApiServer(t, node, {
    spec: { podCIDRs: ['10.244.7.0/24', 'fd44:7::/64'] },
  })
  const environment = Object.entries({ ...server, NODE_NAME: 'one' }).flatMap(([key, value]) => [
    '-e',
    `${key}=${value}`,
  ])
  const pod = ['run', '--rm', '--network', 'host', '--privileged', '--cgroup-parent', `/${node.group}`, '-v', '/:/host']
  const install = (...words: readonly string[]) =>
    node.exec(['podman', ...pod, '-v', `${directory}:${account}:ro`, ...environment, name, '/host', ...words], {
      env,
    })
  t.match(await podman(`image inspect ${name}`), 'fairlead')
  const refused = await install('--profile', 'kubernetes', '--timeout', '30s')
  t.match(refused, { code: 1, stderr: "/opt/cni/bin/bridge is somebody else's" })
  const { code, stdout, stderr } = await install('--profile', 'kubernetes', '--replace', '--timeout', '30s')
  t.equal(code, 0, stderr)
  t.match(stdout, 'made /etc/cni/net.d/10-fairlead.conflist')
  const { plugins } = JSON.parse(await node.sh('cat /etc/cni/net.d/10-fairlead.conflist'))
  t.same(plugins[0].ipam.ranges, [[{ subnet: '10.244.7.0/24' }], [{ subnet: 'fd44:7::/64' }]])
  t.match(await node.sh('CNI_COMMAND=VERSION /opt/cni/bin/bridge </dev/null'), '1.1.0')
  t.equal(await node.sh('cd /opt/cni/bin; readlink bridge dhcp'), 'fairlead-native\nfairlead\n')
  t.equal(await node.sh('ls -A /opt/cni/bin | grep "^[.]"'), '.fairlead\n', 'nothing is left of what installed it')
  t.equal((await install('--profile', 'kubernetes', '--replace')).stdout, '', 'once more there is nothing to do')
  await node.sh('/opt/cni/bin/fairlead uninstall')
  t.equal(await node.sh('find /opt/cni /etc/cni | sort; cat /opt/cni/bin/bridge'), before)
}

t.test('the image installs on a node', { timeout: deadline }, t => withNode(t, node => whole(t, node)))
