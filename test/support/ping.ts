/** Whether who is asked can be reached. */
import type { Host, Sandbox } from './host.ts'
import { slowness } from './slowness.ts'

type From = Pick<Host | Sandbox, 'exec'>

/** Seconds that silence takes to be a no. */
const patience = 2 * Math.min(slowness, 5)

/**
 * True if an address answers to one of a few pings: the first has to find the neighbour, and may be lost where the machine is
 * busy.
 *
 * @param words more options of ping, such as `-I eth0`
 */
export const answers = async ({ exec }: From, address: string, ...words: readonly string[]): Promise<boolean> =>
  (await exec(['ping', '-c1', '-i0.3', `-w${patience}`, ...words, address])).code === 0

/**
 * The round trip of one ping in milliseconds; undefined where nobody answers.
 *
 * @param words more options of ping, such as `-M do -s 1388`
 */
export async function ping({ exec }: From, address: string, ...words: readonly string[]): Promise<number | undefined> {
  const { stdout } = await exec(['ping', '-n', '-c1', `-W${patience}`, ...words, address])
  const time = /time=([\d.]+)/.exec(stdout)?.[1]
  return time === undefined ? undefined : Number(time)
}
