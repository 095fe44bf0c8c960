/** Hosts that lack something. */
import type { Host } from './host.ts'

/** Hides a program from a host's mount namespace. */
export const hide = (host: Host, tool: string) =>
  host.sh(`mount --bind /dev/null "$(readlink -f "$(command -v ${tool})")"`)

/** The kernel's lists as they would look with only these modules; what is loaded is hidden. */
export const pretend = (host: Host, lists: Readonly<Record<string, string>>) =>
  host.sh(`mount -t tmpfs none /sys/module
d=/run/fake/modules/$(uname -r) && mkdir -p $d
${Object.entries(lists)
  .map(([name, text]) => `echo '${text}' >$d/${name}`)
  .join('\n')}
mount -t overlay overlay -o lowerdir=/run/fake:"$(readlink -f /lib)" "$(readlink -f /lib)"`)

/** The lines of a kernel's list of modules. */
export const moduleFiles = (names: readonly string[]): string => names.map(name => `kernel/net/${name}.ko`).join('\n')
