/** The addresses of the host and where it has them, without asking for its links one by one: there may be a thousand. */
import type { Tools } from './tool.ts'

export interface LocalAddress {
  readonly address: string
  readonly device: string
}

interface Route {
  readonly type?: string
  readonly dst: string
  readonly dev?: string
}

/** Without the link-local ones. Throws KernelError where `ip` cannot run. */
export async function localAddresses(tools: Tools): Promise<readonly LocalAddress[]> {
  const tables = await Promise.all(
    ['-4', '-6'].map(family => tools.run(['ip', '-j', family, 'route', 'show', 'table', 'local'])),
  )
  const routes = tables.flatMap(({ stdout }) => (stdout.trim() === '' ? [] : (JSON.parse(stdout) as Route[])))
  return routes.flatMap(({ type, dst, dev }) =>
    type === 'local' && dev !== undefined && dev !== 'lo' && !dst.includes('/') && !dst.startsWith('fe80:')
      ? [{ address: dst, device: dev }]
      : [],
  )
}
