/** containerd on a node. */
import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { until } from '../support/until.ts'
import { image, makeArchive } from './image.ts'
import { home, type Node, type Scope } from './node.ts'

/** Where every client looks when nobody tells it. */
export const socket = '/run/containerd/containerd.sock'

/** Programs in this directory go before all others for containerd and what it starts. */
export const wrappers = `${home}/wrappers`

/** A containerd that is there to test with. */
export interface Release {
  readonly name: string
  /** Directory of its programs. */
  readonly programs: string
  readonly settings: (plugins: string) => string
}

/** What no version minds. Machines that tests run on may lack AppArmor, and the right to lower an OOM score. */
const common = (version: number, disabled: readonly string[]): string => `
version = ${version}
root = "${home}/containerd"
oom_score = 0
disabled_plugins = ${JSON.stringify(disabled.map(each => `io.containerd.${each}`))}
[plugins."io.containerd.internal.v1.opt"]
  path = "${home}/opt"`

const unwanted = ['internal.v1.restart', 'internal.v1.tracing', 'tracing.processor.v1.otlp']
const snapshotters = ['devmapper', 'aufs', 'btrfs', 'zfs'].map(each => `snapshotter.v1.${each}`)

const settings1 = (plugins: string): string => `${common(2, [...unwanted, ...snapshotters])}
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${image}"
  restrict_oom_score_adj = true
  disable_apparmor = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "${plugins}"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
`

const settings2 = (plugins: string): string => `${common(3, [...unwanted, 'nri.v1.nri'])}
[plugins."io.containerd.cri.v1.images".pinned_images]
  sandbox = "${image}"
[plugins."io.containerd.cri.v1.runtime"]
  restrict_oom_score_adj = true
  disable_apparmor = true
  enable_unprivileged_ports = false
  enable_unprivileged_icmp = false
  [plugins."io.containerd.cri.v1.runtime".cni]
    bin_dirs = ["${plugins}"]
  [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
`

/** Debian 12's own. */
export const containerd1: Release = { name: 'containerd 1', programs: '/usr/bin', settings: settings1 }
/** A newer one, which `make e2e` unpacks. */
export const containerd2: Release = {
  name: 'containerd 2',
  programs: resolve(import.meta.dirname, '../../build/containerd/usr/bin'),
  settings: settings2,
}
export const releases = [containerd1, containerd2] as const

/** The words that ask containerd something. */
export const ctrOf = ({ programs }: Release): string => `${programs}/ctr`

/** Starts containerd with the image, for pods and for everybody else; ends with the node. */
export async function startContainerd(t: Scope, node: Node, plugins: string, release: Release): Promise<void> {
  const { programs, settings } = release
  node.write(`${home}/containerd.toml`, settings(plugins))
  const spaces = ['-t', String(node.pid), '-m', '-n', '-p', '--']
  const env = { ...process.env, PATH: `${wrappers}:${programs}:${process.env.PATH}` }
  const daemon = spawn('nsenter', [...spaces, `${programs}/containerd`, '-c', `${home}/containerd.toml`], { env })
  t.teardown(() => void daemon.kill('SIGKILL'))
  let log = ''
  for (const stream of [daemon.stdout, daemon.stderr]) stream.on('data', data => (log += String(data)))
  const ctr = ctrOf(release)
  const answers = async () => (await node.exec([ctr, 'version'])).code === 0 || undefined
  if (!(await until(answers, 10_000))) throw new Error(`${release.name} does not start: ${log}`)
  const archive = await makeArchive(node)
  for (const namespace of ['default', 'k8s.io']) await node.run([ctr, '-n', namespace, 'images', 'import', archive])
}
