/** The command line of a virtual machine that runs test files on Debian's kernel, and says what came of them. */
import { resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '../..')
const place = resolve(root, 'build/vm')

const kernel = 'console=ttyS0 loglevel=4 panic=-1 oops=panic mitigations=off cryptomgr.notests tsc=unstable'

export interface Wish {
  /** Of steps of one kind, each so many-th is tried. */
  readonly stride: string
  /** How often cycles of ADD and DEL go round. */
  readonly cycles: string
  /** Seconds that a file may take. */
  readonly timeout: string
  /** The file that the console is written to. */
  readonly log: string
}

/** The native plugins, unless others are named: where a processor is only pretended, Node.js takes a second to start. */
const bin = process.env.FAIRLEAD_BIN ?? resolve(root, 'dist/native/bin')

/** What the first process of the guest finds in its environment. */
const variables = (files: readonly string[], { stride, cycles, timeout }: Wish): string[] =>
  [
    `FAIRLEAD_VM=${root}`,
    `FAIRLEAD_VM_FILES=${files.join(' ')}`,
    `FAIRLEAD_STRIDE=${stride}`,
    `FAIRLEAD_CYCLES=${cycles}`,
    `TAP_TIMEOUT=${timeout}`,
    `FAIRLEAD_BIN=${bin}`,
  ].map(each => `"${each}"`)

/** The command; its standard output has what the tests say, and nothing else. */
export function qemu(files: readonly string[], wish: Wish): readonly [string, ...string[]] {
  const words = [kernel, 'random.trust_cpu=on', ...variables(files, wish)].join(' ')
  return [
    // What it says goes through a pipe: a standard output that is a socket cannot be opened by its name.
    ...([
      'sh',
      '-c',
      '"$@" | tee "$0"',
      wish.log.replace(/log$/, 'tap'),
      'setpriv',
      '--pdeathsig',
      'KILL',
      'qemu-system-x86_64',
    ] as const),
    // Two processors take longer than one, where they are only pretended.
    ...['-M', 'q35', '-accel', 'tcg', '-cpu', 'qemu64', '-m', '2048', '-no-reboot'],
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-device', 'virtio-rng-pci'],
    ...['-kernel', `${place}/vmlinux`, '-initrd', `${place}/initramfs.cpio`, '-append', words],
    ...['-chardev', `file,id=console,path=${wish.log}`, '-serial', 'chardev:console'],
    ...['-chardev', 'file,id=tests,path=/dev/stdout', '-device', 'virtio-serial-pci'],
    ...['-device', 'virtserialport,chardev=tests'],
    ...['-fsdev', 'local,id=root,path=/,security_model=none,multidevs=remap,readonly=on'],
    ...['-device', 'virtio-9p-pci,fsdev=root,mount_tag=root'],
  ]
}
