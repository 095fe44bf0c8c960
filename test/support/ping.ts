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

/** How many pings of 20 a second are lost while something is done, which may take two minutes. */
export async function lossDuring(
  { host, sandbox }: { readonly host: Host; readonly sandbox: Sandbox },
  address: string,
  work: () => Promise<unknown>,
): Promise<number> {
  const script = `ping -n -q -i 0.05 -w 120 ${address} & echo $! >/run/ping.pid; wait`
  const pinging = sandbox.exec(['sh', '-c', script], { deadline: 130_000 })
  await host.sh('sleep 0.3')
  await work()
  await host.sh('kill -INT $(cat /run/ping.pid)')
  const { stdout } = await pinging
  const [, sent, received] = /(\d+) packets transmitted, (\d+) received/.exec(stdout) ?? []
  return Number(sent) - Number(received)
}
