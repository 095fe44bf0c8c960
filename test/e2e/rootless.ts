/**
 * podman of a user without privileges. Its plugins run as root of a user namespace, in a network namespace that all
 * containers of the user share; slirp4netns leads out of that one.
 */
import type { Host } from '../support/host.ts'
import { image, makeLayer } from './image.ts'
import type { Node } from './node.ts'
import { machineConf, networkConf, type Podman } from './podman.ts'
import type { User } from './user.ts'

export interface Rootless {
  readonly podman: Podman
  /** Where the plugins run. */
  readonly inside: Pick<Host, 'exec' | 'sh'>
}

/** podman of a user, with an image. */
export async function startRootless(node: Node, user: User): Promise<Rootless> {
  const file = `${user.home}/.config/containers/containers.conf`
  await user.write(file, machineConf + networkConf(user.plugins))
  const succeed = async (argv: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await user.exec(argv)
    if (code !== 0) throw new Error(`${argv.join(' ')}: exit ${code}: ${stdout}${stderr}`)
    return stdout.trim()
  }
  const enter = ['podman', 'unshare', '--rootless-netns']
  const podman: Podman = (words, ...more) => succeed(['podman', ...words.split(' '), ...more])
  await podman(`import -q ${await makeLayer(node)} ${image}`)
  return {
    podman,
    inside: {
      exec: (argv, options) => user.exec([...enter, ...argv], options),
      sh: script => succeed([...enter, 'sh', '-ec', script]),
    },
  }
}
