/** One call of a plugin from start to exit status: the only place that turns an error into JSON. */
import type { Host } from '../host/host.ts'
import { CniError, code, errorObject } from './error.ts'
import { type Introduced, introduction } from './introduction.ts'
import { type Journal, journal, noting, writeLog } from './log.ts'
import { type Asked, type Request, readRequest } from './request.ts'
import { encodeResult, type Result } from './result.ts'
import { newest, versions } from './version.ts'

/** What a plugin does, given a host; ADD alone has an answer. */
export interface Operations {
  ADD(request: Request): Promise<Result>
  DEL(request: Request): Promise<void>
  CHECK(request: Request): Promise<void>
  GC(request: Request): Promise<void>
  STATUS(request: Request): Promise<void>
}

/** A plugin before it is loaded. */
export interface Plugin extends Introduced {
  load(host: Host, notes: Journal): Promise<Operations>
}

async function answer(host: Host, value: unknown, indent?: number): Promise<void> {
  await host.stdout(`${JSON.stringify(value, undefined, indent)}\n`)
}

async function perform(operations: Operations, request: Request): Promise<Record<string, unknown> | undefined> {
  if (request.operation === 'ADD') return encodeResult(await operations.ADD(request), request.cniVersion)
  await operations[request.operation](request)
  return undefined
}

async function operate(host: Host, plugin: Plugin, command: string): Promise<0 | 1> {
  const start = host.now()
  const notes = journal()
  let asked: Asked | undefined
  let result: Record<string, unknown> | undefined
  let failure: Record<string, unknown> | undefined
  try {
    const request = await readRequest(host, command, plugin.versions ?? versions, value => {
      asked = value
    })
    result = await perform(await plugin.load(noting(host, notes), notes), request)
  } catch (error) {
    failure = withHints(errorObject(error, errorVersion(asked)), notes)
  }
  const entry = {
    operation: command,
    plugin: plugin.name,
    network: String(asked?.conf.name ?? ''),
    containerID: host.env('CNI_CONTAINERID') ?? '',
    ifName: host.env('CNI_IFNAME') ?? '',
    milliseconds: host.now() - start,
    ...(failure ? { error: failure } : result ? { result } : {}),
  }
  await writeLog(host, asked?.conf, entry, notes)
  if (failure ?? result) await answer(host, failure ?? result, 4)
  return failure ? 1 : 0
}

const errorVersion = (asked: Asked | undefined): string => {
  const version = asked?.cniVersion ?? newest
  return (versions as readonly string[]).includes(version) ? version : newest
}

// A key that nobody knows is the likeliest reason for what came after it.
function withHints(failure: Record<string, unknown>, notes: Journal): Record<string, unknown> {
  const details = [failure.details, ...notes.warnings].filter(text => typeof text === 'string' && text !== '')
  return details.length ? { ...failure, details: [...new Set(details)].join('; ') } : failure
}

/**
 * Serves one call.
 *
 * @returns the exit status: 0 only after the answer is written
 */
export async function serve(host: Host, plugin: Plugin | undefined, name: string): Promise<0 | 1> {
  const command = host.env('CNI_COMMAND')
  if (!plugin) {
    const msg = `Cannot act as plugin ${JSON.stringify(name)}: fairlead has no plugin of that name`
    const error = new CniError(code.config, `${msg}. Check "type" in the network configuration`)
    await answer(host, errorObject(error, newest), 4)
    return 1
  }
  const words = introduction(plugin, command)
  if (words) {
    if ('stdout' in words) await host.stdout(words.stdout)
    else host.stderr(words.stderr)
    return 0
  }
  return operate(host, plugin, command ?? '')
}
