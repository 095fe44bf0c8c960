/**
 * Runs test files in a virtual machine with Debian's kernel, for what this machine's own may lack. A file is added by
 * putting it here (`*.test.ts`), or by naming one of test/net in files.ts: in the machine it finds everything at the path
 * where it is here, and uses test/support as always. FAIRLEAD_VM_FILES names the only ones to run.
 */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import t from 'tap'
import { files } from './files.ts'
import { fileLimit, run } from './run.ts'

t.setTimeout(0)
const root = resolve(import.meta.dirname, '../..')
const place = resolve(root, 'build/vm')
const log = resolve(place, 'console.log')
const chosen = process.env.FAIRLEAD_VM_FILES ?? files.join(' ')

/** What the first process of the guest finds in its environment. */
const variables = [`FAIRLEAD_VM=${root}`, `FAIRLEAD_VM_FILES=${chosen}`].map(each => `"${each}"`)
const kernel = 'console=ttyS0 loglevel=4 panic=-1 oops=panic mitigations=off cryptomgr.notests tsc=unstable'

// Two processors take longer than one, where the machine only pretends to have them.
const machine = ['-M', 'q35', '-accel', 'tcg', '-cpu', 'qemu64', '-m', '3072', '-no-reboot']
const bare = ['-nodefaults', '-no-user-config', '-display', 'none', '-device', 'virtio-rng-pci']
const start = ['-kernel', `${place}/vmlinux`, '-initrd', `${place}/initramfs.cpio`]
const words = ['-append', [kernel, 'random.trust_cpu=on', ...variables].join(' ')]
const talk = [
  ...['-chardev', `file,id=console,path=${log}`, '-serial', 'chardev:console'],
  ...['-chardev', 'file,id=tests,path=/dev/stdout', '-device', 'virtio-serial-pci'],
  ...['-device', 'virtserialport,chardev=tests'],
]
const share = [
  ...['-fsdev', 'local,id=root,path=/,security_model=none,multidevs=remap,readonly=on'],
  ...['-device', 'virtio-9p-pci,fsdev=root,mount_tag=root'],
]
const qemu = ['qemu-system-x86_64', ...machine, ...bare, ...start, ...words, ...talk, ...share]
/** What it says goes through a pipe: a standard output that is a socket cannot be opened by its name. */
const piped = ['sh', '-c', '"$@" | cat', 'sh', 'setpriv', '--pdeathsig', 'KILL', ...qemu]

const limit = 60_000 + chosen.split(' ').length * fileLimit
const ok = await run("Debian's kernel in a virtual machine", piped, limit)
if (!ok) for (const line of readFileSync(log, 'utf8').trimEnd().split('\n').slice(-40)) t.comment(line.trimEnd())
