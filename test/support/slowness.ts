/** How many times longer things take here than on a machine: waiting for what comes is worth that much more. */
export const slowness = Number(process.env.FAIRLEAD_SLOWNESS ?? 1)
