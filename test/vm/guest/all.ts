/** Runs test files in one process, one after another: to load tap takes seconds in the virtual machine. */
import { resolve } from 'node:path'
import t from 'tap'

t.setTimeout(0)
for (const file of process.argv.slice(2)) await import(resolve(file))
