/**
 * Runs test files, each in a process of its own, and tells in TAP what came of them: `node test/run.ts [--jobs N] FILE...`.
 * A file may take ten minutes. The `tap` program does the same, but what it loads into each process for coverage and other things
 * that nobody here asks for takes three times as long as most of these files.
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import t from 'tap'

/** Seconds. */
const limit = 600

const { positionals, values } = parseArgs({ allowPositionals: true, options: { jobs: { type: 'string' } } })

t.setTimeout(0)
t.jobs = Number(values.jobs ?? availableParallelism())
for (const file of positionals) {
  const env = { ...process.env, TAP_TIMEOUT: String(limit) }
  t.spawn(process.execPath, [file], { name: file, timeout: limit * 1000, env })
}
