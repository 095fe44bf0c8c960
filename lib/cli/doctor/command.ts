/** `fairlead doctor`. */
import type { Argv } from 'yargs'
import type { Ports } from '../../cnm/ports.ts'
import type { Host } from '../../host/host.ts'
import { say, visible } from '../print.ts'
import { type Tell, withProgress } from '../progress.ts'
import { withPorts } from '../with-ports.ts'
import { asJson, binDir, confDir, flag, jsonText } from '../word.ts'
import { areas, type Finding } from './finding.ts'
import { lookAtFirewalls, lookAtSettings } from './firewalls.ts'
import { lookAtKernel } from './kernel.ts'
import { lookForLeftovers } from './leftovers.ts'
import { lookAtNetworks } from './networks.ts'
import { lookAtPrograms } from './programs.ts'

interface Wishes {
  readonly confDir: string
  readonly binDir: string
}

const asRoot =
  'Run this as root; for containers that podman runs for a user, as "podman unshare --rootless-netns fairlead doctor"'

/** Everything that can be found out, area by area; what keeps one area from being looked at is a finding of it. */
async function examine(ports: Ports, { confDir, binDir }: Wishes, tell: Tell): Promise<readonly Finding[]> {
  const tools = ports.tools('')
  const looks: Readonly<Record<Finding['area'], () => Promise<readonly Finding[]>>> = {
    programs: () => lookAtPrograms(tools, binDir),
    kernel: () => lookAtKernel(tools),
    settings: () => lookAtSettings(tools),
    firewalls: () => lookAtFirewalls(tools),
    networks: () => lookAtNetworks(confDir, binDir),
    leftovers: () => lookForLeftovers(ports, binDir),
  }
  const open = new Set<string>(areas)
  const tellOpen = () => open.size > 0 && tell(`looking at ${[...open].join(', ')}`)
  tellOpen()
  const all = areas.map(async (area): Promise<readonly Finding[]> => {
    try {
      return await looks[area]()
    } catch (error) {
      const text = (error instanceof Error ? error.message : String(error)).trim().split('\n')
      const finding: Finding = { severity: 'error', area, text: text.join('; ') }
      return [process.getuid?.() === 0 ? finding : { ...finding, remedy: asRoot }]
    } finally {
      open.delete(area)
      tellOpen()
    }
  })
  return (await Promise.all(all)).flat()
}

const colours = { ok: 32, warning: 33, error: 31 } as const

function lineOf({ severity, area, text, remedy }: Finding, colour: boolean): string {
  const mark = severity.padEnd(7)
  const shown = colour ? `\u001b[${colours[severity]}m${mark}\u001b[0m` : mark
  return `${shown} ${visible(`${area}: ${text}${remedy === undefined ? '' : `. ${remedy}`}`)}\n`
}

/** Puts right what can be; tells what was, and what could not be and why. True where all was. */
async function putRight(host: Host, found: readonly Finding[]): Promise<boolean> {
  // One fault may be found with many containers.
  const failures = new Set<string>()
  for (const { fix, text } of found) {
    try {
      if (!fix) continue
      await fix()
      say(host, `put right: ${text}`)
    } catch (error) {
      failures.add(error instanceof Error ? error.message : String(error))
    }
  }
  for (const failure of failures) say(host, failure)
  return failures.size === 0
}

/**
 * Looks at the host, and puts right what is ours.
 *
 * @returns whether nothing keeps containers from their networks
 */
async function doctor(host: Host, wishes: Wishes & { fix: boolean; json: boolean }): Promise<boolean> {
  return withPorts(host, 'look at the host', async ports => {
    const look = () => withProgress(host, tell => examine(ports, wishes, tell), { quiet: wishes.json })
    let found = await look()
    const isRight = !wishes.fix || (await putRight(host, found))
    if (wishes.fix) found = await look()
    const shown = found.map(({ fix, ...rest }) => ({ ...rest, ...(fix ? { fixable: true } : {}) }))
    const colour = process.stdout.isTTY === true && host.env('NO_COLOR') === undefined
    const text = found.map(each => lineOf(each, colour)).join('')
    await host.stdout(wishes.json ? jsonText(shown) : text)
    return isRight && !found.some(({ severity }) => severity === 'error')
  })
}

/** Adds the command to a parser; `failed` is called where something keeps containers from their networks. */
export const doctorCommand = (parser: Argv, host: Host, failed: () => void): Argv =>
  parser.command(
    'doctor',
    'Look at kernel, programs, firewalls, networks and leftovers of this host, and say what to do',
    {
      ...confDir,
      ...binDir,
      fix: flag('put right what is of our own making'),
      ...asJson,
    },
    async ({ cniBinDir, ...wishes }) => {
      if (!(await doctor(host, { ...wishes, binDir: cniBinDir }))) failed()
    },
  )
