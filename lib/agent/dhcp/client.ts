/**
 * The DHCP client of a lease: busybox's udhcpc, one process each, in the network namespace of the container.
 *
 * Of the clients that Debian ships it alone does what is needed and no more. It has no files of its own, so that a hundred
 * interfaces named eth0 do not meet; leaves the interface to its caller; sends any bytes as any option; gives its lease
 * back on SIGTERM. dhcpcd sets addresses itself and keeps its state by the name of the interface; dhclient has had no
 * releases since 2022.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { fstatSync } from 'node:fs'
import { bareAddress } from '../../ipam/cidr.ts'
import { type Kept, linkOf, variable } from '../../ipam/dhcp-leases.ts'
import { enter } from '../../kernel/netns.ts'

/** How clients ask. */
export interface Manner {
  /** Seconds between the messages of a round of four. */
  readonly interval: number
  /** Seconds between rounds of a client that has lost its lease. */
  readonly pause: number
  readonly broadcast: boolean
  /** What it calls when something happens. */
  readonly program: string
  readonly environment: Readonly<Record<string, string>>
}

/** The name of the program that clients call; it stands in the state directory, and leads to this executable. */
export const programName = 'dhcp-event'

/** Messages before a client gives up, as the reference sends in quick succession. */
export const messages = 4

/** The arguments for a lease; `address` is what it had before. */
export function clientArguments(kept: Kept, manner: Manner, address: string | undefined): string[] {
  const { wish } = kept
  const { interval, pause, broadcast, program } = manner
  return [
    ...['-f', '-n', '-R', '-i', linkOf(kept).name, '-s', program],
    ...['-t', String(messages), '-T', String(interval), '-A', String(pause)],
    // Its own words for itself would be sent as option 60.
    ...['-V', ''],
    ...(broadcast ? ['-B'] : []),
    ...(address === undefined ? [] : ['-r', bareAddress(address)]),
    '-o',
    ...wish.request.flatMap(option => ['-O', String(option)]),
    ...Object.entries(wish.provide).flatMap(([option, hex]) => ['-x', `${option}:${hex}`]),
  ]
}

/** Where a client may complain: a pipe would end it with whoever reads there. */
const complaints = (): 'inherit' | 'ignore' => (fstatSync(2).isFIFO() ? 'ignore' : 'inherit')

/**
 * Starts the client of a lease. It outlives us: a restart of the daemon takes no lease away.
 *
 * @param address what it asks for again
 */
export function startClient(kept: Kept, manner: Manner, address: string | undefined): ChildProcess {
  const [file, ...words] = enter(kept.netns.path)
  const child = spawn(file, [...words, 'udhcpc', ...clientArguments(kept, manner, address)], {
    cwd: '/',
    env: { ...manner.environment, [variable]: kept.mark },
    detached: true,
    stdio: ['ignore', 'ignore', complaints()],
  })
  child.unref()
  return child
}
