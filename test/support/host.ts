/** A host of a test's own: private network and mount namespaces with empty state, an uplink and a default route. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { execa } from 'execa'
import type { Test } from 'tap'
import { slowness } from './slowness.ts'

export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface Options {
  readonly input?: string
  readonly env?: Readonly<Record<string, string>>
  /** Milliseconds until SIGTERM, on a machine of its own. */
  readonly deadline?: number
}

/** A sandbox: a network namespace at a path of the host. */
export interface Sandbox {
  readonly name: string
  readonly path: string
  exec(argv: readonly string[], options?: Options): Promise<Ran>
  /** Parsed answer of `ip -j …` in the sandbox. */
  // biome-ignore lint/suspicious/noExplicitAny: the shape depends on the question
  ip(...args: string[]): Promise<any[]>
  remove(): Promise<void>
}

export interface Host {
  /** Process that holds the namespaces open. */
  readonly pid: number
  exec(argv: readonly string[], options?: Options): Promise<Ran>
  /** As exec, but a failure fails the test. */
  sh(script: string): Promise<string>
  // biome-ignore lint/suspicious/noExplicitAny: the shape depends on the question
  ip(...args: string[]): Promise<any[]>
  sandbox(name: string): Promise<Sandbox>
  /** `nft list ruleset`. */
  ruleset(): Promise<string>
  /** Files under our state directory and the leases, with their contents, `last_reserved_ip.*` apart. */
  files(): Promise<Readonly<Record<string, string>>>
  stop(): Promise<void>
}

const prepare = `
mount -t tmpfs none /run && mkdir -p /run/netns /run/lock
mkdir -p /var/lib/cni && mount -t tmpfs none /var/lib/cni
ip link set lo up
ip link add up0 type veth peer name up1
ip link set up0 up && ip link set up1 up
ip address add 192.0.2.1/24 dev up0
ip route add default via 192.0.2.2
echo ready; exec sleep 600`

export async function startHost(): Promise<Host> {
  const holder = spawn('unshare', ['-mn', '--propagation', 'private', 'sh', '-ec', prepare], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [first] = await once(holder.stdout, 'data')
  if (!String(first).includes('ready')) throw new Error(`no namespaces of our own: ${first}`)
  return hostOf(holder, Number(holder.pid), ['-m', '-n'])
}

/** The host that a process holds open; `spaces` are the words by which nsenter enters it. */
export function hostOf(holder: ChildProcess, pid: number, spaces: readonly string[]): Host {
  const exec = async (argv: readonly string[], options: Options = {}): Promise<Ran> => {
    const result = await execa('nsenter', ['-t', String(pid), ...spaces, '--', ...argv], {
      reject: false,
      input: options.input ?? '',
      env: { PATH: process.env.PATH, LC_ALL: 'C', ...options.env },
      extendEnv: false,
      timeout: (options.deadline ?? 30_000) * slowness,
      stripFinalNewline: false,
    })
    return { code: result.exitCode ?? 128, stdout: result.stdout, stderr: result.stderr }
  }
  const sh = async (script: string): Promise<string> => {
    const { code, stdout, stderr } = await exec(['sh', '-ec', script])
    if (code !== 0) throw new Error(`${script}: ${stderr}`)
    return stdout
  }
  const ask = async (words: readonly string[], args: readonly string[]) => {
    const { stdout } = await exec(['ip', ...words, '-j', '-d', ...args])
    return stdout.trim() === '' ? [] : JSON.parse(stdout)
  }
  const sandbox = async (name: string): Promise<Sandbox> => {
    await sh(`ip netns add ${name} && ip -n ${name} link set lo up`)
    return {
      name,
      path: `/run/netns/${name}`,
      exec: (argv, options) => exec(['ip', 'netns', 'exec', name, ...argv], options),
      ip: (...args) => ask(['-n', name], args),
      remove: async () => void (await sh(`ip netns del ${name}`)),
    }
  }
  const files = async () => {
    const list = await sh('find /var/lib/cni -type f ! -name "last_reserved_ip.*" | sort')
    const paths = list.split('\n').filter(Boolean)
    const texts = await Promise.all(paths.map(async path => [path, await sh(`cat '${path}'`)] as const))
    return Object.fromEntries(texts)
  }
  const stop = async () => {
    holder.kill('SIGKILL')
    await once(holder, 'exit')
  }
  return { pid, exec, sh, ip: (...args) => ask([], args), sandbox, ruleset: () => sh('nft list ruleset'), files, stop }
}

/** Runs a test body on a host of its own. */
export async function withHost(t: Test, body: (host: Host) => Promise<void>): Promise<void> {
  const host = await startHost()
  t.teardown(() => host.stop())
  await body(host)
}

/** The plugins under test: FAIRLEAD_BIN, or what `make build` made. */
export const bin = process.env.FAIRLEAD_BIN ?? resolve(import.meta.dirname, '../../dist/bin')

/** The command line, which is the build for Node.js alone. */
export const fairlead = resolve(import.meta.dirname, '../../dist/fairlead')
if (!existsSync(bin)) throw new Error(`${bin} is missing: run "make build" first`)
