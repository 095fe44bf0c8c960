/** What the operations work with, and the translation of what goes wrong below into errors of the protocol. */
import { CniError, code } from '../cni/error.ts'
import type { Journal } from '../cni/log.ts'
import type { Request } from '../cni/request.ts'
import { FileError, type FileFault, type Host } from '../host/host.ts'
import type { IpamFactory } from '../ipam/ipam.ts'
import { ownNetns } from '../kernel/netns.ts'
import { KernelError } from '../kernel/resource.ts'
import { type Tools, tools } from '../kernel/tool.ts'
import { openStore, type Store } from '../store/store.ts'
import type { ChainedDriver } from './model.ts'
import { markOf } from './orphan.ts'

/** The drivers of this executable that serve within other plugins, by type, each loaded when it is called for. */
export interface Catalogue {
  readonly ipam: Readonly<Record<string, () => Promise<IpamFactory>>>
  // biome-ignore lint/suspicious/noExplicitAny: a driver is only ever given the options that it has read itself.
  readonly chained: Readonly<Record<string, (request: Request) => Promise<ChainedDriver<any>>>>
}

export interface Ports {
  readonly host: Host
  readonly store: Store
  readonly notes: Journal
  readonly catalogue: Catalogue
  /** Tools whose processes carry an attachment's name; the same ones each time. */
  tools(attachment: string): Tools
  /** Ends the tools' processes: the operation is over. */
  end(): void
}

/** The ports of this host, whose tools are told apart from those of another network namespace's. */
export async function portsOf(host: Host, notes: Journal, catalogue: Catalogue): Promise<Ports> {
  const netns = await doing('look at our own network namespace', () => ownNetns(host))
  const opened = new Map<string, Tools>()
  const toolsOf = (attachment: string): Tools => {
    const known = opened.get(attachment) ?? tools(host, attachment && markOf(attachment, netns))
    opened.set(attachment, known)
    return known
  }
  const end = () => {
    for (const each of opened.values()) each.end()
  }
  const store = openStore(host, warning => notes.warnings.push(warning))
  return { host, store, notes, catalogue, tools: toolsOf, end }
}

const remedies: Partial<Record<KernelError['fault'], string>> = {
  denied: 'Run the plugin as root, or with CAP_NET_ADMIN in the namespaces it works in',
  lacking: 'Boot a kernel that has what this takes, or install its modules',
  timeout: 'See what keeps the host busy, then try again',
  unfit: 'Give it a value that the kernel takes',
  foreign: 'Give the path of one by CNI_NETNS',
}

const codes: Partial<Record<KernelError['fault'], number>> = {
  timeout: code.tryAgain,
  unfit: code.config,
  foreign: code.environment,
}

const fileRemedies: Readonly<Record<FileFault, string>> = {
  denied: 'Run the plugin as root',
  'read-only': 'Mount the file system writable',
  'no-space': 'Free space on the file system',
  other: 'See what stands at that path',
}

/** A failure below, as the runtime is told: "Cannot X: why. Remedy". */
function translate(error: unknown, doing: string): CniError {
  if (error instanceof CniError) return error
  if (error instanceof FileError) {
    const msg = `Cannot ${doing}: ${error.path}: ${error.message}. ${fileRemedies[error.fault]}`
    return new CniError(code.io, msg, undefined, { cause: error })
  }
  if (error instanceof KernelError) {
    const remedy = remedies[error.fault]
    const number = codes[error.fault] ?? code.internal
    // Some words of the kernel's end in a full stop.
    const why = remedy ? `${error.message.replace(/\.$/, '')}. ${remedy}` : error.message
    return new CniError(number, `Cannot ${doing}: ${why}`, undefined, { cause: error })
  }
  return new CniError(code.internal, `Cannot ${doing}: ${error instanceof Error ? error.message : String(error)}`)
}

/** Runs a whole operation, and leaves no process behind. */
export async function operation<T>(ports: Ports, what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await doing(what, work)
  } finally {
    ports.end()
  }
}

/** Runs part of an operation; its failures reach the runtime translated. */
export async function doing<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw translate(error, what)
  }
}
