/** podman with its CNI backend, on a node of its own. */
import type { Test } from 'tap'
import { bin } from '../support/host.ts'
import { image, makeLayer, page } from './image.ts'
import { home, type Node } from './node.ts'

/** Where a conflist becomes one of podman's networks. */
export const confDir = `${home}/net.d`

/** Only runc and cgroupfs do on every machine that tests run on, and nobody may raise a limit there. */
export const machineConf = `
[containers]
log_driver = "k8s-file"
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "runc"
`

/** What makes podman call the plugins of a directory. */
export const networkConf = (plugins: string): string => `
[network]
network_backend = "cni"
cni_plugin_dirs = ["${plugins}"]
`
const places = `
tmp_dir = "/run/libpod"
static_dir = "${home}/storage/libpod"
volume_path = "${home}/storage/volumes"
`
const storageConf = `
[storage]
driver = "overlay"
graphroot = "${home}/storage"
runroot = "/run/containers-storage"
`
/** Where podman finds its configuration. */
export const env = { CONTAINERS_CONF: `${home}/containers.conf`, CONTAINERS_STORAGE_CONF: `${home}/storage.conf` }

/** podman, its words in one string: none of them holds a blank. */
export type Podman = (words: string, ...more: readonly string[]) => Promise<string>

/** podman on a node, with an image. `plugins` is the directory that it looks for plugins in. */
export async function startPodman(node: Node, plugins = bin): Promise<Podman> {
  node.write(env.CONTAINERS_CONF, `${machineConf}${places}${networkConf(plugins)}network_config_dir = "${confDir}"\n`)
  node.write(env.CONTAINERS_STORAGE_CONF, storageConf)
  const podman: Podman = (words, ...more) => node.run(['podman', ...words.split(' '), ...more], { env })
  await podman(`import -q ${await makeLayer(node)} ${image}`)
  return podman
}

/** Runs a container in the node's cgroup. */
export const runner = (podman: Podman, node: Node) => {
  return (options: string, words: string) => podman(`run --cgroup-parent /${node.group} ${options} ${image} ${words}`)
}
export type Run = ReturnType<typeof runner>

/** A container that serves a page, and another network that it can join. */
export interface Served {
  readonly name: string
  /** Where its page is. */
  readonly url: string
  readonly network: string
  /** Its address there. */
  readonly address: string
}

/** What happens to a container that stays; `joined` looks while it is on both networks. */
export async function life(
  t: Test,
  node: Node,
  podman: Podman,
  { name, url, network, address }: Served,
  joined: () => Promise<void> = async () => undefined,
): Promise<void> {
  const serves = async (when: string) => t.equal(await node.served(url), page, `published ${when}`)
  await podman(`network connect --ip ${address} ${network} ${name}`)
  t.match(await podman(`exec ${name} ip -4 addr show eth1`), `${address}/24`, 'a second network')
  await joined()
  await podman(`network disconnect ${network} ${name}`)
  await serves('after a network was disconnected')
  await podman(`network reload ${name}`)
  await serves('after a reload')
  await podman(`restart -t 0 ${name}`)
  await serves('after a restart')
}
