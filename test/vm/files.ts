/** The test files that run on several kernels. */
import { globSync } from 'node:fs'

/** Those of test/net that every kernel passes: the row of a kernel in the matrix. */
export const everywhere: readonly string[] = ['reach', 'ptp-reach', 'sbr-reach'].map(name => `test/net/${name}.test.ts`)

/** What takes too long for every run: digests of some drivers, and the same with IPv4, have the most telling part. */
const isLong = (file: string): boolean =>
  /(-contract|-faults|reachability-vlan|esp-ipv6|digest-others)\.test\.ts$/.test(file)

/** Those that need what this machine's kernel may lack. */
const needy = globSync('test/vm/*.test.ts')
  .filter(file => process.env.FAIRLEAD_VM_FULL || !isLong(file))
  .toSorted()

/** In so many heaps at most, of about the same size: neighbours in the alphabet take about as long. */
export function heaps(count: number): readonly (readonly string[])[] {
  const chosen = process.env.FAIRLEAD_VM_FILES?.split(' ').filter(Boolean) ?? [...needy, ...everywhere]
  return Array.from({ length: Math.min(count, chosen.length) }, (_, heap) =>
    chosen.filter((_, place) => place % count === heap),
  )
}
