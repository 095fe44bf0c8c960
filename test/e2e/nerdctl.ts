/** nerdctl on a node with containerd. */
import { bin } from '../support/host.ts'
import { image } from './image.ts'
import { home, type Node } from './node.ts'

/** nerdctl, its words in one string: none of them holds a blank. */
export type Nerdctl = (words: string) => Promise<string>

/** nerdctl of a file, with the plugins of a directory. */
export function nerdctlOn(node: Node, file: string, plugins = bin): Nerdctl {
  const places = ['--cni-path', plugins, '--cni-netconfpath', '/etc/cni/net.d', '--data-root', `${home}/nerdctl`]
  const common = [...places, '--snapshotter', 'overlayfs', '--cgroup-manager', 'cgroupfs']
  return words => node.run([file, ...common, ...words.split(' ')])
}

/** Runs a container in the node's cgroup. */
export const runner = (nerdctl: Nerdctl, node: Node) => {
  return (options: string, words: string) => nerdctl(`run --cgroup-parent /${node.group} ${options} ${image} ${words}`)
}
export type Run = ReturnType<typeof runner>
