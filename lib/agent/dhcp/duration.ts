/** Durations as Go writes them, in which users of the reference have them: `1m30s`, `500ms`; digits alone are seconds. */
const units: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 }

/**
 * Milliseconds of a duration.
 *
 * @throws Error for what is none
 */
export function duration(text: string): number {
  const whole = /^\d+$/.test(text) ? `${text}s` : text
  if (!/^(\d+(\.\d+)?(h|ms|m|s))+$/.test(whole)) {
    throw new Error(`Cannot read ${JSON.stringify(text)} as a duration. Write it as 10s, 1m30s or 500ms`)
  }
  const parts = whole.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g)
  return [...parts].reduce((sum, [, number, unit]) => sum + Number(number) * (units[unit ?? ''] ?? 0), 0)
}
