/** Waiting for what other operations have for a moment. */
import { CniError, code } from '../cni/error.ts'
import type { Host } from '../host/host.ts'

const step = 3
/** What others do takes the kernel some tens of milliseconds; a crowd waits in line. */
const usual = 10_000

/**
 * Tries until there is an answer.
 *
 * @param busy who does what meanwhile, for the message
 * @param patience milliseconds
 * @throws CniError 11 where that takes too long
 */
export async function patiently<T>(
  host: Host,
  busy: string,
  attempt: () => Promise<T | undefined>,
  patience = usual,
): Promise<T> {
  for (const end = host.now() + patience; ; ) {
    const answer = await attempt()
    if (answer !== undefined) return answer
    if (host.now() > end) throw new CniError(code.tryAgain, `${busy} for ${patience / 1000} s. Try again`)
    await host.sleep(step)
  }
}
