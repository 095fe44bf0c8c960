/** What commands work with on this host, for as long as they work. */
import { catalogue } from '../../plugins/index.ts'
import { journal } from '../cni/log.ts'
import { operation, type Ports, portsOf } from '../cnm/ports.ts'
import type { Host } from '../host/host.ts'

/** Does something on this host. Throws CniError as `operation` does. */
export async function withPorts<T>(host: Host, what: string, work: (ports: Ports) => Promise<T>): Promise<T> {
  const ports = await portsOf(host, journal(), catalogue)
  return operation(ports, what, () => work(ports))
}
