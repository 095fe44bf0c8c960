/** A request: environment and stdin, checked in the order of the reference library. */
import type { Host } from '../host/host.ts'
import { CniError, code } from './error.ts'
import { isObject, type JsonObject, parseObject, pick, pickObject } from './json.ts'
import { gate, type Operation, type Version } from './version.ts'

/** The kernel's firewall, by the tool that is used to reach it. */
export type Backend = 'nftables' | 'iptables'

/** What is chosen for the whole host, where a configuration says nothing. */
export interface HostDefaults {
  readonly backend?: Backend
}

/** What the runtime asks. Strings that do not apply are empty. */
export interface Request {
  readonly operation: Operation
  readonly containerId: string
  readonly netns: string
  readonly ifName: string
  readonly args: string
  readonly path: readonly string[]
  /** Network name. */
  readonly network: string
  readonly cniVersion: Version
  readonly conf: JsonObject
  /** The bytes of stdin, which a delegate gets unchanged. */
  readonly text: string
  /** Read where a configuration has a choice that it leaves open. */
  readonly defaults?: HostDefaults
}

interface Variable {
  readonly name: string
  readonly required: readonly Operation[]
  readonly check?: (value: string) => CniError | undefined
}

const identifier = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/
const isIdentifier = (text: string): boolean => identifier.test(text) && !text.includes('\n')

function checkContainerId(value: string): CniError | undefined {
  if (isIdentifier(value)) return undefined
  const msg = 'Cannot use CNI_CONTAINERID: it must start with a letter or digit, then letters, digits, "_", "." or "-"'
  return new CniError(code.environment, msg, value)
}

// Length in bytes of UTF-8, without an encoder at hand.
const byteLength = (text: string): number =>
  encodeURIComponent(text.replace(/[\ud800-\udfff]/g, '??')).replace(/%../g, 'x').length

function checkIfName(value: string): CniError | undefined {
  const wrong =
    byteLength(value) > 15
      ? 'it is longer than 15 bytes'
      : value === '.' || value === '..'
        ? 'it is "." or ".."'
        : /[/:\s\u0085]/.test(value)
          ? 'it contains "/", ":" or white space'
          : undefined
  return wrong ? new CniError(code.environment, `Cannot use CNI_IFNAME: ${wrong}`, value) : undefined
}

const variables: readonly Variable[] = [
  { name: 'CNI_CONTAINERID', required: ['ADD', 'DEL', 'CHECK'], check: checkContainerId },
  { name: 'CNI_NETNS', required: ['ADD', 'CHECK'] },
  { name: 'CNI_IFNAME', required: ['ADD', 'DEL', 'CHECK'], check: checkIfName },
  { name: 'CNI_PATH', required: ['ADD', 'DEL', 'CHECK', 'GC', 'STATUS'] },
]

const operations: readonly string[] = ['ADD', 'DEL', 'CHECK', 'GC', 'STATUS']

function checkEnvironment(host: Host, operation: Operation): void {
  const missing: string[] = []
  for (const { name, required, check } of variables) {
    if (!required.includes(operation)) continue
    const value = host.env(name)
    if (value === undefined) missing.push(name)
    const error = value === undefined ? undefined : check?.(value)
    if (error) throw error
  }
  if (missing.length === 0) return
  throw new CniError(code.environment, `required env variables [${missing.join(',')}] missing`)
}

/** The name of a network. Throws CniError 6 for one that is no text, 7 for one that is absent or that no plugin takes. */
export function networkName(conf: JsonObject): string {
  const name = pick(conf, 'name') ?? ''
  if (typeof name !== 'string') {
    throw new CniError(code.decode, 'Cannot read the network configuration: "name" must be a string')
  }
  if (name === '') throw new CniError(code.config, 'missing network name')
  if (isIdentifier(name)) return name
  const msg = 'Cannot use the network name: it must start with a letter or digit, then letters, digits, "_", "." or "-"'
  throw new CniError(code.config, msg, name)
}

/** The version of the protocol that a configuration is written for. Throws CniError 6 for one that is no text. */
export function versionOf(conf: JsonObject): string {
  const version = pick(conf, 'cniVersion') ?? ''
  if (typeof version === 'string') return version || '0.1.0'
  throw new CniError(code.decode, 'Cannot read the network configuration: "cniVersion" must be a string')
}

/** Members that must have their type wherever they stand; a DEL goes on without them. */
function checkMembers(conf: JsonObject): void {
  const need = (holder: JsonObject | undefined, key: string, path: string, type: 'object' | 'string' | 'boolean') => {
    const value = pick(holder, key)
    if (value === undefined || (type === 'object' ? isObject(value) : typeof value === type)) return
    throw new CniError(code.config, `Cannot use the network configuration: ${path} must be of type ${type}`)
  }
  for (const key of ['args', 'runtimeConfig', 'prevResult', 'capabilities', 'log']) need(conf, key, key, 'object')
  need(conf, 'strict', 'strict', 'boolean')
  need(pickObject(conf, 'args'), 'cni', 'args.cni', 'object')
  need(pickObject(pickObject(conf, 'args'), 'cni'), 'mac', 'args.cni.mac', 'string')
  need(pickObject(conf, 'runtimeConfig'), 'mac', 'runtimeConfig.mac', 'string')
}

async function readStdin(host: Host): Promise<string> {
  try {
    return await host.stdin()
  } catch (error) {
    throw new CniError(code.io, 'Cannot read the network configuration from stdin', String(error), { cause: error })
  }
}

/** What a request carries before its configuration is read: enough for an error object in the right version. */
export interface Asked {
  readonly text: string
  readonly conf: JsonObject
  readonly cniVersion: string
}

/**
 * Reads and checks a request.
 *
 * @param supported the versions that the plugin speaks
 * @param asked told the configuration as soon as it is read, for what may fail afterwards
 * @throws CniError 4, 5, 6, 7, 1, in this order
 */
export async function readRequest(
  host: Host,
  command: string,
  supported: readonly string[],
  asked: (asked: Asked) => void,
): Promise<Request> {
  if (!operations.includes(command)) throw new CniError(code.environment, `unknown CNI_COMMAND: ${command}`)
  const operation = command as Operation
  checkEnvironment(host, operation)
  const text = await readStdin(host)
  const conf = parseObject(text, 'the network configuration on stdin')
  const network = networkName(conf)
  const version = versionOf(conf)
  asked({ text, conf, cniVersion: version })
  if (operation !== 'DEL') checkMembers(conf)
  return {
    operation,
    containerId: host.env('CNI_CONTAINERID') ?? '',
    netns: host.env('CNI_NETNS') ?? '',
    ifName: host.env('CNI_IFNAME') ?? '',
    args: host.env('CNI_ARGS') ?? '',
    path: (host.env('CNI_PATH') ?? '').split(':').filter(Boolean),
    network,
    cniVersion: gate(operation, version, supported),
    conf,
    text,
  }
}
