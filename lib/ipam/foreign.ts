/** Another vendor's IPAM plugin, called as the protocol's delegation section says. */
import { CniError, code } from '../cni/error.ts'
import { isObject, type JsonObject, parseObject, pick, pickString } from '../cni/json.ts'
import type { Request } from '../cni/request.ts'
import type { Result } from '../cni/result.ts'
import { decodeResult } from '../cni/result-decode.ts'
import { versions } from '../cni/version.ts'
import type { Host, Output } from '../host/host.ts'
import { hasControl } from '../host/text.ts'
import type { IpamDriver } from './ipam.ts'

/** Milliseconds for a delegate: the runtime's own deadline is usually shorter. */
const deadline = 240_000
const busyRetries = 5
const busyPause = 1_000

/**
 * The executable of a plugin type: the first regular file of that name in CNI_PATH.
 *
 * @throws CniError 7 for a name that is none, or where nothing is found
 */
export async function findPlugin(host: Host, type: string, path: readonly string[]): Promise<string> {
  if (type === '') throw new CniError(code.config, 'Cannot delegate: no plugin name provided. Set "ipam.type"')
  if (type.length > 255 || type.includes('/') || hasControl(type)) {
    const msg = `Cannot delegate: ${JSON.stringify(type.slice(0, 80))} is no plugin name. Set "ipam.type" to the name of an executable`
    throw new CniError(code.config, msg)
  }
  for (const directory of path) {
    const file = `${directory}/${type}`
    if ((await host.files.stat(file))?.kind === 'file') return file
  }
  const where = path.join(':') || '(empty)'
  throw new CniError(
    code.config,
    `Cannot find plugin "${type}": failed to find it in CNI_PATH ${where}. Install it there`,
  )
}

/** Whose addresses are meant, where that is not who we were called for: GC speaks for the attachments it removes. */
function identity(host: Host, { containerId, netns, ifName, args }: Request): Readonly<Record<string, string>> {
  const wanted = { CNI_CONTAINERID: containerId, CNI_NETNS: netns, CNI_IFNAME: ifName, CNI_ARGS: args }
  return Object.fromEntries(Object.entries(wanted).filter(([name, value]) => (host.env(name) ?? '') !== value))
}

async function run(host: Host, file: string, operation: string, request: Request): Promise<Output> {
  const env = { ...host.environment(), ...identity(host, request), CNI_COMMAND: operation }
  for (let retry = 0; ; retry++) {
    const output = await host.run({ argv: [file], env, stdin: request.text, deadline })
    // The file is being replaced at this moment.
    if (output.code !== 127 || !output.stderr.includes('ETXTBSY') || retry === busyRetries) return output
    await host.sleep(busyPause)
  }
}

function failure(type: string, { code: status, stdout, stderr }: Output): CniError {
  const reply = readReply(stdout)
  const number = pick(reply, 'code')
  if (reply && typeof number === 'number') {
    return new CniError(number, pickString(reply, 'msg') ?? `IPAM plugin ${type} failed`, pickString(reply, 'details'))
  }
  const words = [stdout, stderr].map(text => text.trim()).find(text => text !== '')
  const why = words ? JSON.stringify(words.slice(0, 500)) : 'it gave no error message'
  return new CniError(code.internal, `IPAM plugin ${type} failed with status ${status}: ${why}`)
}

function readReply(stdout: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(stdout)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function readResult(type: string, stdout: string, request: Request): Result {
  const reply = stdout.trim() === 'null' ? {} : parseObject(stdout, `the result of IPAM plugin ${type}`)
  const version = pickString(reply, 'cniVersion') || request.cniVersion
  if ((versions as readonly string[]).includes(version)) return decodeResult(reply, version)
  throw new CniError(code.decode, `Cannot read the result of IPAM plugin ${type}: its version ${version} is unknown`)
}

/** The driver that calls `file` for everything. */
export function foreignIpam(host: Host, type: string, file: string): IpamDriver {
  const call = async (operation: string, request: Request): Promise<string> => {
    const output = await run(host, file, operation, request)
    if (output.code !== 0) throw failure(type, output)
    return output.stdout
  }
  const silent = (operation: string) => async (request: Request) => void (await call(operation, request))
  return {
    // What it needs is unknown; a link that stands is what the reference's interface plugins give it.
    requests: 'after-links',
    releases: 'before-links',
    request: async request => ({ result: readResult(type, await call('ADD', request), request), held: [] }),
    release: silent('DEL'),
    check: silent('CHECK'),
    collect: silent('GC'),
    status: silent('STATUS'),
  }
}
