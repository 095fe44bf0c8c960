/**
 * A machine of a test's own, as a container runtime needs one: private network, mount and process namespaces with empty
 * /run, /dev/shm, /etc/cni, /opt, /var/lib/cni and /var/lib/containers. All that runs and is mounted there ends with one
 * process. That one waits for the end of its stdin, and so ends with the test.
 */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { bin, type Host, hostOf, type Options } from '../support/host.ts'
import { until } from '../support/until.ts'
import { removeGroups } from './groups.ts'

/** Where the runtimes keep everything that is theirs: it goes with the node. */
export const home = '/run/e2e'

const prepare = `
for place in /run /dev/shm /etc/cni /opt /var/lib/cni /var/lib/containers; do
  mkdir -p $place
  mount -t tmpfs none $place
done
mkdir -p /run/lock /run/netns /etc/cni/net.d /opt/cni ${home}
ln -s "$1" /opt/cni/bin
ip link set lo up
echo 1 >/proc/sys/net/ipv4/ip_forward
echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
echo ready
timeout 600 cat
:`

/** The only child of a process. */
const childOf = (pid: number): number => Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim())

/** What a node lives with: a test, or anything else that ends what began in it. */
export interface Scope {
  teardown(end: () => unknown): unknown
}

export interface Node extends Host {
  /** Name of the parent of all cgroups of this node's containers. */
  readonly group: string
  /** What a program says on stdout; its failure fails the test. */
  run(argv: readonly string[], options?: Options): Promise<string>
  /** What somebody on the node gets from an URL, or why nothing. */
  fetch(url: string): Promise<string>
  /** The same, once something answers: a server that was just started may not listen yet. */
  served(url: string): Promise<string>
  /** Whether an address answers within some seconds. */
  pings(address: string): Promise<boolean>
  write(path: string, text: string): void
  /** Name of a file of the node for this program. */
  path(file: string): string
}

async function makeNode(): Promise<Node> {
  const spaces = ['--mount', '--net', '--pid', '--fork', '--mount-proc', '--propagation', 'private']
  const argv = [...spaces, '--kill-child=KILL', 'sh', '-ec', prepare, 'node', bin]
  const holder = spawn('unshare', argv, { stdio: ['pipe', 'pipe', 'inherit'] })
  const [first] = await Promise.race([once(holder.stdout, 'data'), once(holder, 'exit')])
  if (!String(first).includes('ready')) throw new Error(`no namespaces of our own: ${first}`)
  const pid = childOf(Number(holder.pid))
  const host = hostOf(holder, pid, ['-m', '-n', '-p'])
  const group = `fairlead-e2e-${pid}`
  const path = (file: string) => `/proc/${pid}/root${file}`
  const run: Node['run'] = async (words, options) => {
    const { code, stdout, stderr } = await host.exec(words, options)
    if (code !== 0) throw new Error(`${words.join(' ')}: exit ${code}: ${stdout}${stderr}`)
    return stdout.trim()
  }
  const fetch = async (url: string): Promise<string> => {
    const { stdout, stderr } = await host.exec(['curl', '-sS', '-m', '5', url])
    return (stdout || stderr).trim()
  }
  return {
    ...host,
    group,
    run,
    path,
    fetch,
    served: async url => {
      const answer = async () => {
        const text = await fetch(url)
        return text.startsWith('curl:') ? undefined : text
      }
      return (await until(answer)) ?? fetch(url)
    },
    pings: async address => (await host.exec(['ping', '-c', '1', '-W', '2', address])).code === 0,
    write: (file, text) => {
      mkdirSync(dirname(path(file)), { recursive: true })
      writeFileSync(path(file), text)
    },
    stop: async () => {
      await host.stop()
      await removeGroups(group)
    },
  }
}

/** A node that ends with what it is for. */
export async function startNode(t: Scope): Promise<Node> {
  const node = await makeNode()
  t.teardown(() => node.stop())
  return node
}

/** Runs a body on a node of its own. */
export async function withNode(t: Scope, body: (node: Node) => Promise<void>): Promise<void> {
  await body(await startNode(t))
}
