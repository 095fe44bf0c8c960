/** Calls of plugins from source that fail or die at one of their calls of the host port; see faulty.ts. */
import { linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import type { Test } from 'tap'
import { names } from '../../plugins/index.ts'
import { type Answer, type CallOptions, type Conf, call } from './call.ts'
import type { Host } from './host.ts'

export interface Fault {
  readonly kind: 'count' | 'fail' | 'kill-before' | 'kill-during' | 'kill-after'
  /** Number of the call, from 1. */
  readonly at?: number
  /** Its child processes sleep for a second before they do their work. */
  readonly slow?: true
}

export interface FaultyPlugins {
  /** One operation with one fault. */
  call(operation: string, conf: Conf, options: CallOptions, fault: Fault): Promise<Answer>
  /** As `call`, and which call it was that failed: calls beside each other come in any order. */
  struck(operation: string, conf: Conf, options: CallOptions, fault: Fault): Promise<Answer & { readonly step: string }>
  /** What an operation that nothing disturbs calls, in order. */
  calls(operation: string, conf: Conf, options: CallOptions): Promise<readonly string[]>
  /** What the last operation called; calls that run beside each other have another order each time. */
  called(): readonly string[]
}

/**
 * Whether a call can change something. Looks change nothing: who dies before or after one, dies before or after what
 * comes next.
 */
export const changes = (call: string): boolean => !/^(read|readlink|stat|list)\b/.test(call)

/** The program in one file: it is started some hundred times, and each file of source costs. */
function bundled(directory: string): string {
  const outfile = join(directory, 'faulty.mjs')
  const entryPoints = [join(import.meta.dirname, 'faulty.ts')]
  buildSync({ bundle: true, platform: 'node', format: 'esm', entryPoints, outfile, logLevel: 'error' })
  return outfile
}

/** Plugins as one executable with a name for each, as the packed ones are, so that IPAM runs in the caller's process. */
function entries(directory: string): string {
  const [first = '', ...rest] = names.map(name => join(directory, name))
  const entry = bundled(directory)
  writeFileSync(first, `#!/bin/sh\nexec '${process.execPath}' '${entry}' "\${0##*/}"\n`, { mode: 0o755 })
  for (const name of rest) linkSync(first, name)
  return first
}

/** Tools that take a second longer, in a directory of their own. */
function slowTools(directory: string): string {
  const slow = join(directory, 'slow')
  mkdirSync(slow)
  const script = `#!/bin/sh\nsleep 1\nPATH="\${PATH#${slow}:}"\nexec "\${0##*/}" "$@"\n`
  for (const name of ['ip', 'bridge', 'nft', 'nsenter', 'tc', 'iptables-restore', 'ip6tables-restore'])
    writeFileSync(join(slow, name), script, { mode: 0o755 })
  return slow
}

/** The plugins, on one host, for one test. */
export function faultyPlugins(t: Test, host: Host): FaultyPlugins {
  const directory = mkdtempSync(join(tmpdir(), 'fairlead-faulty-'))
  t.teardown(() => rmSync(directory, { recursive: true }))
  const trace = join(directory, 'trace')
  const tools = slowTools(directory)
  const shared = { FAULT_EXECUTABLE: entries(directory), NODE_COMPILE_CACHE: join(directory, 'cache') }
  const faulty: FaultyPlugins['call'] = (operation, conf, options, { kind, at = 0, slow }) => {
    const fault = { FAULT_KIND: kind, FAULT_AT: String(at), FAULT_TRACE: trace, FAULT_TOOLS: slow ? tools : '' }
    const env = { ...options.env, ...shared, ...fault }
    rmSync(trace, { force: true })
    return call(host, operation, conf, { ...options, from: directory, path: directory, env })
  }
  const called = () =>
    readFileSync(trace, 'utf8')
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as string)
  return {
    call: faulty,
    async struck(operation, conf, options, fault) {
      const answer = await faulty(operation, conf, options, fault)
      return { ...answer, step: called()[(fault.at ?? 1) - 1] ?? '' }
    },
    async calls(operation, conf, options) {
      const { code, stdout } = await faulty(operation, conf, options, { kind: 'count' })
      if (code !== 0) throw new Error(`${operation} without a fault: ${stdout}`)
      return called()
    },
    called,
  }
}
