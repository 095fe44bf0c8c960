/** A virtual machine without help of the processor is slow: what to wait longer for there, and what to try less of. */

/** How many times longer things take here than on a machine. */
export const slowness = Number(process.env.FAIRLEAD_SLOWNESS ?? 1)

const stride = Number(process.env.FAIRLEAD_STRIDE ?? 1)

/** Of many steps of one kind those to try: all, or each so many-th as FAIRLEAD_STRIDE says, and two of them at least. */
export function sample<T>(steps: readonly T[]): readonly T[] {
  const apart = Math.max(1, Math.min(stride, Math.floor(steps.length / 2)))
  return steps.filter((_, place) => place % apart === 0)
}
