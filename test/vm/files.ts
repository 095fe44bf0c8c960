/** The test files that run on several kernels. */
import { globSync } from 'node:fs'

/** Those of test/net that every kernel passes: the row of a kernel in the matrix. */
export const everywhere: readonly string[] = ['reach', 'ptp-reach', 'sbr-reach'].map(name => `test/net/${name}.test.ts`)

/** Those that need what this machine's kernel may lack, and the row. */
const needy = globSync('test/vm/*.test.ts').toSorted()

/** In so many heaps, of about the same size: neighbours in the alphabet take about as long. */
export function heaps(count: number): readonly (readonly string[])[] {
  const chosen = process.env.FAIRLEAD_VM_FILES?.split(' ').filter(Boolean) ?? [...needy, ...everywhere]
  const all = Array.from({ length: Math.min(count, chosen.length) }, (_, heap) =>
    chosen.filter((_, place) => place % count === heap),
  )
  return all
}
