/** A program for QuickJS that goes wrong in the way that its argument names. */
import { getpid, kill } from 'qjs:os'
import { exit } from 'qjs:std'

declare const scriptArgs: readonly string[]

const deep = (depth: number): number => 1 + deep(depth + 1)

const faults: Readonly<Record<string, () => unknown>> = {
  'a stack that is used up': () => deep(0),
  'memory that is used up': () => {
    const all: string[] = []
    for (;;) all.push('x'.repeat(1 << 20) + all.length)
  },
  'a promise that never settles': () => new Promise(() => undefined),
  'an error that nobody caught': () => {
    throw new Error('on purpose')
  },
  'a crash of the engine': () => kill(getpid(), 11),
}

async function main(): Promise<void> {
  await faults[scriptArgs[1] ?? '']?.()
  exit(0)
}

main()
