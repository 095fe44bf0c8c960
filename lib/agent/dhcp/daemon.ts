/** The daemon that keeps DHCP leases of containers: one client process for each, and what has to be known of it on disk. */
import { mkdirSync, renameSync, symlinkSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { setTimeout as pauseFor } from 'node:timers/promises'
import type { Host } from '../../host/host.ts'
import { nodeHost } from '../../host/node.ts'
import type { Holder } from '../../ipam/dhcp.ts'
import { area } from '../../ipam/dhcp-leases.ts'
import { searchPath } from '../../kernel/tool.ts'
import { stateDirectory } from '../../store/layout.ts'
import { openStore } from '../../store/store.ts'
import { messages, programName } from './client.ts'
import { forget, type Keeper } from './keeper.ts'
import { isActivated, listen } from './listen.ts'
import { answer } from './questions.ts'
import { lookAround, resume } from './watch.ts'

/** What the command line says. Times in milliseconds, paths absolute; empty ones are absent. */
export interface Wishes {
  readonly socketpath: string
  readonly hostprefix: string
  readonly pidfile: string
  readonly timeout: number
  readonly resendmax: number
  readonly resendtimeout: number
  readonly broadcast: boolean
}

/** Milliseconds between two looks at all leases. */
const rhythm = 5_000

/** One JSON line for each thing that happens to a lease. */
function log(event: string, { network, containerId, ifName }: Holder, details = {}): void {
  const line = { time: new Date().toISOString(), event, network, containerID: containerId, ifName, ...details }
  process.stderr.write(`${JSON.stringify(line)}\n`)
}

/** The program that clients call: this executable, by the name that tells it what it is called for. */
function linkProgram(host: Host): string {
  const directory = `${stateDirectory(host)}/${area}`
  const path = `${directory}/${programName}`
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  // A client of before our start may be calling it.
  const beside = `${path}.${host.random(8)}`
  symlinkSync(host.executable, beside)
  renameSync(beside, path)
  return path
}

function keeperOf(host: Host, wishes: Wishes, socket: string): Keeper {
  const seconds = (milliseconds: number) => Math.max(1, Math.floor(milliseconds / 1_000))
  const environment = {
    PATH: searchPath(host).join(':'),
    LC_ALL: 'C',
    FAIRLEAD_STATE_DIR: stateDirectory(host),
    FAIRLEAD_DHCP_SOCKET: socket,
  }
  const manner = {
    interval: seconds(wishes.timeout / messages),
    pause: seconds(wishes.resendmax),
    broadcast: wishes.broadcast,
    program: linkProgram(host),
    environment,
  }
  const { resendmax: resendMax, resendtimeout: resendTimeout, hostprefix: prefix } = wishes
  const store = openStore(host, warning => process.stderr.write(`${JSON.stringify({ event: 'torn', why: warning })}\n`))
  return { host, store, settings: { manner, resendMax, resendTimeout, prefix }, entries: new Map(), log }
}

/** Ends with the first signal that asks for it. */
const asked = (): Promise<unknown> =>
  new Promise(resolve => {
    for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, resolve)
  })

/** Nobody waits any longer for what is being asked for; everything that is leased stays. */
async function giveUp(keeper: Keeper): Promise<void> {
  const asking = [...keeper.entries.values()].filter(({ kept }) => kept.address === undefined)
  for (const { cancel } of asking) cancel?.abort()
  await Promise.all(asking.map(entry => entry.turn.then(() => forget(keeper, entry))))
}

/**
 * Runs the daemon until SIGTERM or SIGINT. Leases and their clients outlive it.
 *
 * @throws Error where it cannot listen, or has no place for its files
 */
export async function dhcpDaemon(wishes: Wishes): Promise<void> {
  if (wishes.pidfile !== '' && !isAbsolute(wishes.pidfile)) {
    throw new Error(`Cannot write ${wishes.pidfile}: the path of a pidfile must be absolute`)
  }
  const host = nodeHost()
  const socket = `${wishes.hostprefix}${wishes.socketpath}`
  const activated = isActivated(process.env, process.pid)
  const keeper = keeperOf(host, wishes, socket)
  await resume(keeper)
  const close = await listen(host, activated ? undefined : socket, (line, gone) => answer(keeper, line, gone))
  const end = asked()
  if (wishes.pidfile !== '') await host.files.replace(wishes.pidfile, `${process.pid}\n`)
  const over = new AbortController()
  const watching = (async () => {
    while (!over.signal.aborted) {
      await pauseFor(rhythm, undefined, { signal: over.signal }).catch(() => undefined)
      if (!over.signal.aborted) await lookAround(keeper)
    }
  })()
  await end
  over.abort()
  await Promise.all([close(), watching, giveUp(keeper)])
  if (wishes.pidfile !== '') await host.files.remove(wishes.pidfile)
}
