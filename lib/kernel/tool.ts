/** Running the kernel's tools: their place, their environment, the deadline, and what their complaints mean. */
import type { Conversation, Host, Output } from '../host/host.ts'
import { type Exchange, type IpProcess, ipProcess } from './ip-process.ts'
import { ipIn } from './netns.ts'
import { KernelError, type KernelFault, type Netns } from './resource.ts'

/** Milliseconds a tool may take; a tool that waits longer waits for something that will not come. */
const deadline = 20_000

/** The directories of PATH, and those that runtimes leave out of it. */
export function searchPath(host: Host): readonly string[] {
  const own = (host.env('PATH') ?? '').split(':').filter(Boolean)
  return [...new Set([...own, '/usr/sbin', '/usr/bin', '/sbin', '/bin', '/usr/local/sbin'])]
}

/** True if a program of that name stands in the search path. */
export async function hasTool(host: Host, name: string): Promise<boolean> {
  for (const directory of searchPath(host)) {
    if ((await host.files.stat(`${directory}/${name}`))?.kind === 'file') return true
  }
  return false
}

const packages: Readonly<Record<string, string>> = {
  ip: 'iproute2',
  bridge: 'iproute2',
  nft: 'nftables',
  busctl: 'systemd',
  dmesg: 'util-linux',
  nsenter: 'util-linux',
  tc: 'iproute2',
  tee: 'coreutils',
  test: 'coreutils',
  conntrack: 'conntrack',
  head: 'coreutils',
  runcon: 'coreutils',
  udhcpc: 'udhcpc',
}

/** The package that brings a program, as Debian and most others call it. */
export const packageOf = (tool: string): string => packages[tool] ?? tool.replace(/^ip6?tables.*/, 'iptables')

/** Runs tools on behalf of one attachment, for the length of one operation. */
export interface Tools {
  readonly host: Host
  /** @throws KernelError `tool-missing` or `timeout`; any other failure is in the Output */
  run(argv: readonly [string, ...string[]], stdin?: string): Promise<Output>
  /**
   * Runs lines of `ip -batch` in a namespace.
   *
   * @throws KernelError `tool-missing` or `timeout`; failed lines are in the Exchange
   */
  ip(netns: Netns, lines: readonly string[]): Promise<Exchange>
  /** Runs an nftables script as one transaction; throws as `run` does. */
  nft(script: string): Promise<Output>
  /** Starts processes that will soon be needed, while there is other work: namespaces to enter, and nft. */
  prepare(namespaces: readonly Netns[], nft: boolean): void
  /** Ends the `ip` of a namespace, which knows links by the numbers that it saw first: one made anew has another. */
  forget(netns: Netns): void
  /** Ends what still runs. */
  end(): void
}

const missingTool = (tool: string, why: string): KernelError =>
  new KernelError(`cannot run ${tool}: ${why}. Install the package ${packageOf(tool)}`, 'tool-missing')

function checked(tool: string, output: Output): Output {
  if (output.code === 127) throw missingTool(tool, output.stderr.trim())
  if (output.code === 137) throw new KernelError(`${tool} ${output.stderr.trim()}`, 'timeout')
  return output
}

function checkStart(tool: string, { complaints }: Exchange): void {
  const failed = complaints.find(({ index }) => index < 0)
  if (failed?.text.includes('ENOENT')) throw missingTool(tool, failed.text)
  if (failed?.text.includes('without an answer')) throw new KernelError(`${tool} ${failed.text}`, 'timeout')
}

/**
 * Children get a small environment of their own: no CNI variable, messages in English, and the key of the attachment,
 * by which a later operation finds what a killed plugin left running.
 */
export function tools(host: Host, attachment: string): Tools {
  const env: Record<string, string> = { PATH: searchPath(host).join(':'), LC_ALL: 'C' }
  if (attachment) env.FAIRLEAD_ATTACHMENT = attachment
  const startNft = (): Conversation => host.converse({ argv: ['nft', '-f', '-'], env, deadline })
  let ready: Conversation | undefined
  const processes = new Map<Netns, Promise<IpProcess>>()
  const startBy = (words: readonly [string, ...string[]]) => ipProcess(host, words, env, deadline)
  // The host's own starts at this very moment: what it waits for in the kernel is the longest part of a DEL.
  const start = async (netns: Netns) => (netns === null ? startBy(['ip']) : startBy(await ipIn(host, netns)))
  const ipProcessOf = (netns: Netns): Promise<IpProcess> => {
    const process = processes.get(netns) ?? start(netns)
    processes.set(netns, process)
    return process
  }
  return {
    host,
    async run(argv, stdin) {
      return checked(argv[0], await host.run({ argv, env, deadline, ...(stdin === undefined ? {} : { stdin }) }))
    },
    async ip(netns, lines) {
      const exchange = await (await ipProcessOf(netns)).exchange(lines)
      checkStart('ip', exchange)
      return exchange
    },
    async nft(script) {
      const child = ready ?? startNft()
      ready = undefined
      return checked('nft', await child.finish(script))
    },
    prepare(namespaces, nft) {
      for (const netns of namespaces) ipProcessOf(netns).catch(() => undefined)
      if (nft) ready ??= startNft()
    },
    forget(netns) {
      void processes.get(netns)?.then(each => each.end())
      processes.delete(netns)
    },
    end() {
      ready?.end()
      for (const process of processes.values()) void process.then(each => each.end())
    },
  }
}

const complaints: readonly (readonly [KernelFault, RegExp])[] = [
  ['taken', /File exists|already exists|Address already assigned/],
  [
    'absent',
    /No such file|Cannot find (device|specified qdisc)|does not exist|No such process|No such device|Cannot assign requested|[Aa]ddress not found|Invalid handle|handle of zero/,
  ],
  ['foreign', /network namespace .*: Invalid argument|reassociate to namespace .*: Invalid argument/],
  ['denied', /Operation not permitted|Permission denied|Read-only file system/],
  ['lacking', /Operation not supported|Unknown device type/],
]

/** What a tool's complaint means. */
export function faultOf(stderr: string): KernelFault {
  return complaints.find(([, pattern]) => pattern.test(stderr))?.[0] ?? 'other'
}
