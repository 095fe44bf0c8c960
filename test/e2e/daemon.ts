/** containerd on a node. */
import { spawn } from 'node:child_process'
import type { Test } from 'tap'
import { until } from '../support/until.ts'
import { image, makeArchive } from './image.ts'
import { home, type Node } from './node.ts'

export const socket = '/run/containerd-e2e/containerd.sock'

/** As Debian 12's containerd reads it. Machines that tests run on may lack AppArmor, and the right to lower an OOM score. */
const settings = (plugins: string): string => `
version = 2
root = "${home}/containerd"
state = "/run/containerd-e2e"
oom_score = 0
disabled_plugins = [
  "io.containerd.internal.v1.restart", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.aufs",
  "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs", "io.containerd.tracing.processor.v1.otlp",
  "io.containerd.internal.v1.tracing"
]
[grpc]
  address = "${socket}"
[plugins."io.containerd.internal.v1.opt"]
  path = "${home}/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${image}"
  restrict_oom_score_adj = true
  disable_apparmor = true
  stream_server_address = "127.0.0.1"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "${plugins}"
    conf_dir = "/etc/cni/net.d"
    max_conf_num = 1
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
`

/** The words that ask containerd something. */
export const ctr = ['ctr', '-a', socket] as const

/** Starts containerd with the image, for pods and for everybody else; ends with the test. */
export async function startContainerd(t: Test, node: Node, plugins: string): Promise<void> {
  node.write(`${home}/containerd.toml`, settings(plugins))
  const spaces = ['-t', String(node.pid), '-m', '-n', '-p', '--']
  const daemon = spawn('nsenter', [...spaces, 'containerd', '-c', `${home}/containerd.toml`])
  t.teardown(() => void daemon.kill('SIGKILL'))
  let log = ''
  for (const stream of [daemon.stdout, daemon.stderr]) stream.on('data', data => (log += String(data)))
  const answers = async () => (await node.exec([...ctr, 'version'])).code === 0 || undefined
  if (!(await until(answers, 10_000))) throw new Error(`containerd does not start: ${log}`)
  const archive = await makeArchive(node)
  for (const namespace of ['default', 'k8s.io']) await node.run([...ctr, '-n', namespace, 'images', 'import', archive])
}
