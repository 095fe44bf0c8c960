/** Connection tracking entries of published ports, through conntrack(8). */
import type { FlushConntrack } from './resource.ts'
import { token } from './token.ts'
import type { Tools } from './tool.ts'

/** Of more ports than these, those that have entries are looked up, instead of deleting port by port. */
const few = 4

type Ports = FlushConntrack['ports'][number]

const familyOf = (address: string): string => (address.includes(':') ? 'ipv6' : 'ipv4')

/** An exit status of 1 says that there was no such entry. */
async function drop(tools: Tools, { protocol, address }: FlushConntrack, words: readonly string[]): Promise<void> {
  await tools.run(['conntrack', '-D', '-f', familyOf(address), '-p', protocol, ...words])
}

/** The ports that may have entries. */
async function busyPorts(tools: Tools, { protocol, address, ports }: FlushConntrack): Promise<Ports[]> {
  const number = ports.reduce((sum, { first, last }) => sum + last - first + 1, 0)
  if (number <= few) return ports.flatMap(({ hostIp, first, last }) => each(hostIp, first, last))
  const { stdout } = await tools.run(['conntrack', '-L', '-f', familyOf(address), '-p', protocol])
  const found = new Set([...stdout.matchAll(/^\S+ .*? dport=(\d+) /gm)].map(([, port]) => Number(port)))
  return ports.flatMap(({ hostIp, first, last }) =>
    [...found].filter(port => port >= first && port <= last).map(port => ({ hostIp, first: port, last: port })),
  )
}

const each = (hostIp: string, first: number, last: number): Ports[] =>
  Array.from({ length: last - first + 1 }, (_, index) => ({ hostIp, first: first + index, last: first + index }))

/**
 * Forgets what was sent to the ports before they led to the endpoint, whoever had them.
 *
 * @throws KernelError where conntrack is not installed
 */
export async function flushPorts(tools: Tools, flush: FlushConntrack): Promise<void> {
  for (const { hostIp, first } of await busyPorts(tools, flush)) {
    await drop(tools, flush, [
      '--orig-port-dst',
      String(first),
      ...(hostIp === '' ? [] : ['--orig-dst', token(hostIp)]),
    ])
  }
  await flushAddress(tools, flush)
}

/** Forgets what goes to the endpoint, and nothing of whoever has its ports by now; throws as `flushPorts` does. */
export const flushAddress = (tools: Tools, flush: FlushConntrack): Promise<void> =>
  drop(tools, flush, ['--reply-src', token(flush.address)])
