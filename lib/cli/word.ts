/** Words of the command line that several commands have. */

/** An option that is a path. */
export const path = (byDefault: string, describe: string) => ({ type: 'string', default: byDefault, describe }) as const
