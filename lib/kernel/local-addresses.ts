/** The addresses of the host and where it has them, without asking for its links one by one: there may be a thousand. */
import { wordsOf } from '../host/text.ts'
import type { Tools } from './tool.ts'

export interface LocalAddress {
  /** Of IPv6, in full: no zero is left out. */
  readonly address: string
  readonly device: string
}

interface Route {
  readonly type?: string
  readonly dst: string
  readonly dev?: string
}

/** Each as 32 hexadecimal digits, number, prefix length, scope, flags and name of the device (net/ipv6/addrconf.c). */
const listed = '/proc/net/if_inet6'
const global = '00'

function fromList(text: string): readonly LocalAddress[] {
  const rows = text.split('\n').map(row => wordsOf(row))
  return rows.flatMap(([digits = '', , , scope, , device]) =>
    scope === global && device !== undefined ? [{ address: digits.match(/..../g)?.join(':') ?? '', device }] : [],
  )
}

/** Without those of loopback, and the link-local ones. Throws KernelError where `ip` cannot run. */
export async function localAddresses(tools: Tools): Promise<readonly LocalAddress[]> {
  // Every address has a route in this table. To IPv6 the kernel gives a list of addresses, and to IPv4 none.
  const { stdout } = await tools.run(['ip', '-j', '-4', 'route', 'show', 'table', 'local'])
  const routes = stdout.trim() === '' ? [] : (JSON.parse(stdout) as Route[])
  const v4 = routes.flatMap(({ type, dst, dev }) =>
    type === 'local' && dev !== undefined && dev !== 'lo' ? [{ address: dst, device: dev }] : [],
  )
  return [...v4, ...fromList((await tools.host.files.read(listed)) ?? '')]
}
