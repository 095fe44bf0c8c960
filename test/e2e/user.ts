/** Somebody without privileges on a node: a user of its own, whom the machine does not know. */
import { basename, dirname } from 'node:path'
import { bin, fairlead, type Options, type Ran } from '../support/host.ts'
import { type Node, home as place } from './node.ts'

const [name, id] = ['somebody', 4321] as const

/** Not below /run: podman covers that in the namespaces where a user's plugins run. */
const home = `/home/${name}`
const runtime = `/run/user/${id}`
/** What was built, and the command line, where everybody may look. */
const [built, commands] = ['/opt/built', '/opt/commands'] as const

/** A range of IDs for user namespaces, and a device for tunnels, are what a distribution gives its users. */
const prepare = `
for file in passwd group subuid subgid; do cp /etc/$file ${place}/$file; done
echo '${name}:x:${id}:${id}::${home}:/bin/sh' >>${place}/passwd
echo '${name}:x:${id}:' >>${place}/group
for file in subuid subgid; do echo '${name}:2000000:65536' >>${place}/$file; done
for file in passwd group subuid subgid; do mount --bind ${place}/$file /etc/$file; done
mknod -m 666 ${place}/tun c 10 200
mount --bind ${place}/tun /dev/net/tun
mount -t tmpfs none /home
mkdir ${built} ${commands}
mount --bind "${dirname(bin)}" ${built}
mount --bind "${dirname(fairlead)}" ${commands}
mkdir -p ${home} ${runtime}
chown ${name}: ${home} ${runtime}
chmod 700 ${runtime}`

/** What podman keeps for a user until the session ends: it holds the namespaces open. */
export const pause = ['podman', 'podman pause'] as const

export interface User {
  readonly home: string
  /** The plugins under test, where the user finds them. */
  readonly plugins: string
  /** Where the user's programs keep what goes with the session. */
  readonly runtime: string
  /** Runs a program in the user's home, with the environment of a login. */
  exec(argv: readonly string[], options?: Options): Promise<Ran>
  /** A file of the user's own. */
  write(file: string, text: string): Promise<void>
}

/** Makes the user; gone with the node. */
export async function addUser(node: Node): Promise<User> {
  await node.sh(prepare)
  const become = ['setpriv', `--reuid=${id}`, `--regid=${id}`, '--clear-groups', 'sh', '-c', 'cd && exec "$@"', name]
  const env = { HOME: home, USER: name, XDG_RUNTIME_DIR: runtime, PATH: `/usr/bin:/bin:${commands}` }
  const exec: User['exec'] = (argv, options = {}) =>
    node.exec([...become, ...argv], { ...options, env: { ...env, ...options.env } })
  const write: User['write'] = async (file, text) => {
    const { code, stderr } = await exec(['sh', '-c', 'mkdir -p "$(dirname "$0")" && cat >"$0"', file], { input: text })
    if (code !== 0) throw new Error(`${file}: ${stderr}`)
  }
  return { home, plugins: `${built}/${basename(bin)}`, runtime, exec, write }
}
