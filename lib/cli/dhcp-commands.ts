/** The commands about DHCP; options as the reference's daemon has them. */
import type { Argv } from 'yargs'
import { dhcpDaemon } from '../agent/dhcp/daemon.ts'
import { duration } from '../agent/dhcp/duration.ts'
import { defaultSocket } from '../ipam/dhcp.ts'
import { path } from './word.ts'

const time = (byDefault: string, describe: string) =>
  ({ type: 'string', default: byDefault, coerce: duration, describe }) as const

/** Adds them to a parser. */
export const dhcpCommands = (parser: Argv): Argv =>
  parser
    .command(
      'daemon',
      'Ask for leases and keep them, until SIGTERM; see plugins/dhcp',
      {
        socketpath: path(defaultSocket, 'where plugins ask'),
        hostprefix: path('', 'goes before the paths of the socket and of network namespaces'),
        pidfile: path('', 'write the process number to this file'),
        timeout: time('10s', 'length of a round of four messages'),
        resendmax: time('62s', 'longest pause between rounds'),
        resendtimeout: time('208s', 'give up an ADD after this'),
        broadcast: { type: 'boolean', default: false, describe: 'have servers answer by broadcast' },
      },
      wishes => dhcpDaemon(wishes),
    )
    .demandCommand(1, 'Name a command.')
