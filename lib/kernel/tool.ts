/** Running the kernel's tools: their place, their environment, the deadline, and what their complaints mean. */
import type { Host, Output } from '../host/host.ts'
import { KernelError, type KernelFault } from './resource.ts'

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

const packages: Readonly<Record<string, string>> = { ip: 'iproute2', nft: 'nftables', nsenter: 'util-linux', tee: 'coreutils' }

/** The package that brings a program, as Debian and most others call it. */
export const packageOf = (tool: string): string => packages[tool] ?? tool

/** Runs tools on behalf of one attachment. */
export interface Tools {
  readonly host: Host
  /** @throws KernelError `tool-missing` or `timeout`; any other failure is in the Output */
  run(argv: readonly [string, ...string[]], stdin?: string): Promise<Output>
}

/**
 * Children get a small environment of their own: no CNI variable, messages in English, and the key of the attachment,
 * by which a later operation finds what a killed plugin left running.
 */
export function tools(host: Host, attachment: string): Tools {
  const env: Record<string, string> = { PATH: searchPath(host).join(':'), LC_ALL: 'C' }
  if (attachment) env['FAIRLEAD_ATTACHMENT'] = attachment
  return {
    host,
    async run(argv, stdin) {
      const output = await host.run({ argv, env, deadline, ...(stdin === undefined ? {} : { stdin }) })
      if (output.code === 127) {
        const why = `cannot run ${argv[0]}: ${output.stderr.trim()}. Install the package ${packageOf(argv[0])}`
        throw new KernelError(why, 'tool-missing')
      }
      if (output.code === 137) throw new KernelError(`${argv.join(' ')} ${output.stderr.trim()}`, 'timeout')
      return output
    },
  }
}

const complaints: readonly (readonly [KernelFault, RegExp])[] = [
  ['taken', /File exists|already exists|Address already assigned/],
  ['absent', /No such file|Cannot find device|does not exist|No such process|No such device|Cannot assign requested/],
  ['denied', /Operation not permitted|Permission denied|Read-only file system/],
]

/** What a tool's complaint means. */
export function faultOf(stderr: string): KernelFault {
  return complaints.find(([, pattern]) => pattern.test(stderr))?.[0] ?? 'other'
}
