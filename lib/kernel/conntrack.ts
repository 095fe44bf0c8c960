/** Connection tracking entries of published ports, through conntrack(8). */
import type { FlushConntrack } from './resource.ts'
import { token } from './token.ts'
import type { Tools } from './tool.ts'

/** A range of more ports is searched for entries once, instead of deleted port by port. */
const few = 8

const familyOf = (address: string): string => (address.includes(':') ? 'ipv6' : 'ipv4')

/** An exit status of 1 says that there was no such entry. */
async function drop(tools: Tools, { protocol, address }: FlushConntrack, words: readonly string[]): Promise<void> {
  await tools.run(['conntrack', '-D', '-f', familyOf(address), '-p', protocol, ...words])
}

/** The ports of the range that have entries. */
async function busyPorts(tools: Tools, { protocol, address, first, last }: FlushConntrack): Promise<number[]> {
  if (last - first < few) return Array.from({ length: last - first + 1 }, (_, index) => first + index)
  const { stdout } = await tools.run(['conntrack', '-L', '-f', familyOf(address), '-p', protocol])
  const ports = [...stdout.matchAll(/^\S+ .*? dport=(\d+) src=/gm)].map(([, port]) => Number(port))
  return [...new Set(ports)].filter(port => port >= first && port <= last)
}

/**
 * Forgets what was sent to the ports, whoever had them, and what went from there to the endpoint.
 *
 * @throws KernelError where conntrack is not installed
 */
export async function flushConntrack(tools: Tools, flush: FlushConntrack): Promise<void> {
  const { hostIp, address } = flush
  const at = hostIp === '' ? [] : ['--orig-dst', token(hostIp)]
  for (const port of await busyPorts(tools, flush)) await drop(tools, flush, ['--orig-port-dst', String(port), ...at])
  await drop(tools, flush, ['--reply-src', token(address)])
}
