/** A process that speaks TAP, as a subtest that counts everything it says. */
import t from 'tap'

/**
 * Runs it to its end, at most for some milliseconds. Beside what tap takes for a failure (a failed test, no plan, an exit
 * status, a deadline), it fails where nothing is tested or a test is skipped.
 *
 * @returns whether all is well
 */
export async function run(name: string, [file, ...args]: readonly [string, ...string[]], timeout: number) {
  const options = { name, timeout, buffered: true, stdio: ['pipe', 'pipe', 'inherit', 'ipc'] as const }
  const result = await t.spawn(file, args, { ...options, stdio: [...options.stdio] })
  if (result?.count === 0 || (result?.skip ?? 0) > 0) t.fail(`${name}: a test was skipped, or there was none`)
  return result?.ok === true && result.count > 0
}
