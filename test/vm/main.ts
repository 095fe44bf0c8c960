/**
 * Runs test files on several kernels: this machine's own, and Debian's in virtual machines, for what the own one may lack.
 * A file is added by putting it here (`*.test.ts`), or by naming one of test/net in files.ts: in the machine it finds
 * everything at the path where it is here, and uses test/support as always. FAIRLEAD_VM_FILES names the only ones to run; with
 * FAIRLEAD_VM_FULL, what takes too long for every run is run too, and tests that fail or kill at steps do so at each, not
 * at every so many-th. FAIRLEAD_CYCLES says how often cycles of ADD and DEL go round in the machines.
 */
import { readFileSync } from 'node:fs'
import { availableParallelism, release } from 'node:os'
import { resolve } from 'node:path'
import t from 'tap'
import { everywhere, heaps } from './files.ts'
import { qemu, root } from './machine.ts'
import { run } from './run.ts'

t.setTimeout(0)
const full = process.env.FAIRLEAD_VM_FULL !== undefined
const wish = {
  ...(full ? { stride: '1', timeout: '14400' } : { stride: '9', timeout: '1800' }),
  cycles: process.env.FAIRLEAD_CYCLES ?? '4',
}

/** Milliseconds for the row of this machine's kernel. */
const ownLimit = 300_000
/** Milliseconds for one of the virtual machines. */
const limit = full ? 14_400_000 : 2_400_000

async function inMachine(files: readonly string[], heap: number): Promise<void> {
  const log = resolve(root, `build/vm/console-${heap}.log`)
  const ok = await run(`Debian's kernel in virtual machine ${heap + 1}`, qemu(files, { ...wish, log }), limit)
  if (!ok) for (const line of readFileSync(log, 'utf8').trimEnd().split('\n').slice(-40)) t.comment(line.trimEnd())
}

if (!process.env.FAIRLEAD_VM_FILES) {
  const here = [process.execPath, 'test/vm/all.ts', ...everywhere] as const
  await run(`this machine's kernel, ${release()}`, here, ownLimit)
}
t.jobs = availableParallelism()
await Promise.all(heaps(t.jobs).map(inMachine))
