/**
 * How often cycles of ADD and DEL go round: as often as a test usually does, or as FAIRLEAD_CYCLES says where more are wanted
 * than every run can afford.
 */
export const cyclesOr = (usual: number): number => Number(process.env.FAIRLEAD_CYCLES ?? usual)
