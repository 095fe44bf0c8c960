/** The test files that run in the virtual machine: those beside this one, and some that run on the machine too. */
import { globSync } from 'node:fs'

/** Of test/net: what some machines' kernels cannot do, or do in another way. */
const shared = ['test/net/reach.test.ts']

export const files: readonly string[] = [...globSync('test/vm/*.test.ts').toSorted(), ...shared]
