import type { Refusal } from '../../support/refusal.ts'

/** What is changed, what the error says, and its code unless that is 7. */
export type Wrong = readonly [change: object, says: string, code?: number]

/** Of the configuration that rows change, only what every plugin knows is left. */
export const base = { bridge: undefined, isGateway: undefined, ipMasq: undefined, strict: true }

/** Rows of one plugin, whose right configuration has these keys. */
export const rowsOf = (plugin: string, keys: object, rows: readonly Wrong[]): readonly Refusal[] =>
  rows.map(([change, says, code = 7]) => ({
    wrong: JSON.stringify(change),
    plugin,
    conf: { ...base, ...keys, ...change },
    code,
    says,
  }))
