/** Whether who is asked can be reached. */
import type { Sandbox } from './host.ts'

/**
 * True if an address answers to one of a few pings: the first has to find the neighbour, and may be lost where the machine is
 * busy.
 *
 * @param words more options of ping, such as `-I eth0`
 */
export const answers = async (
  { exec }: Pick<Sandbox, 'exec'>,
  address: string,
  ...words: readonly string[]
): Promise<boolean> => (await exec(['ping', '-c1', '-i0.3', '-w2', ...words, address])).code === 0
