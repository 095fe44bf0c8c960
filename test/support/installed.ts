/** Installing into directories of a private host. */
import { fairlead, type Host, type Ran } from './host.ts'

export const places = ['--cni-bin-dir', '/run/opt/cni/bin', '--conf-dir', '/run/etc/cni/net.d']

/** Runs a command of an executable on these directories. */
export const runOn = (host: Host, program: string, command: string, ...words: readonly string[]): Promise<Ran> =>
  host.exec([program, command, ...places, ...words])

/** The same with the executable that was built. */
export const run = (host: Host, command: string, ...words: readonly string[]): Promise<Ran> =>
  runOn(host, fairlead, command, ...words)

/** Every path below /run/opt and /run/etc, with what is known of it but its times. */
export const present = (host: Host): Promise<string> =>
  host.sh(`mkdir -p /run/opt /run/etc; cd /run
find opt etc -printf '%P %y %m %U %l\\n' | sort
find opt etc -type f -exec sha256sum {} + | sort -k 2`)
