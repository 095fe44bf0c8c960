/** Words of the command line that several commands have. */

/** An option that is a path. */
export const path = (byDefault: string, describe: string) => ({ type: 'string', default: byDefault, describe }) as const

/** An option that is off unless it is given. */
export const flag = (describe: string) => ({ type: 'boolean', default: false, describe }) as const

export const confDir = { 'conf-dir': path('/etc/cni/net.d', 'where the files of networks are') }
export const binDir = { 'cni-bin-dir': path('/opt/cni/bin', 'where plugins are') }
export const asJson = { json: flag('print JSON, for scripts') }

/** A value as commands print and write it. */
export const jsonText = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`
