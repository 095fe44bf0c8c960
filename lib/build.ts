/** What the build knows of itself; the bundler puts the values in. */
declare const FAIRLEAD_VERSION: string | undefined
declare const FAIRLEAD_COMMIT: string | undefined

export const build = {
  version: typeof FAIRLEAD_VERSION === 'string' ? FAIRLEAD_VERSION : 'from source',
  commit: typeof FAIRLEAD_COMMIT === 'string' ? FAIRLEAD_COMMIT : 'unknown',
} as const
