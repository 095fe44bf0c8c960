/** firewalld over the system bus: addresses as sources of a zone. See firewalld.dbus(5), busctl(1). */
import { KernelError, type ZoneSource } from './resource.ts'
import { token } from './token.ts'
import { hasTool, type Tools } from './tool.ts'

const bus = '/run/dbus/system_bus_socket'
const name = 'org.fedoraproject.FirewallD1'
const object = '/org/fedoraproject/FirewallD1'
/** True if firewalld answers on the system bus; that is asked only where both are installed. */
export async function firewalldRuns(tools: Tools): Promise<boolean> {
  if ((await tools.host.files.stat(bus)) === undefined || !(await hasTool(tools.host, 'firewalld'))) return false
  const place = ['org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus'] as const
  const { stdout } = await tools.run(['busctl', '--system', 'call', ...place, 'NameHasOwner', 's', name])
  return stdout.trim() === 'b true'
}

const ask = (tools: Tools, method: string, { zone, source }: ZoneSource) =>
  tools.run(['busctl', '--system', 'call', name, object, `${name}.zone`, method, 'ss', token(zone), token(source)])

/**
 * Adds sources to their zones.
 *
 * @throws KernelError with firewalld's complaint
 */
export async function ensureZoneSources(tools: Tools, sources: readonly ZoneSource[]): Promise<void> {
  for (const source of sources) {
    const { code, stderr } = await ask(tools, 'addSource', source)
    if (code === 0 || /ZONE_ALREADY_SET|ALREADY_ENABLED/.test(stderr)) continue
    throw new KernelError(`firewalld zone ${source.zone}: ${stderr.trim()}`, 'other', source)
  }
}

/** Takes sources out of their zones. Where firewalld does not run any more, it has forgotten them. */
export async function removeZoneSources(tools: Tools, sources: readonly ZoneSource[]): Promise<void> {
  if (!(await firewalldRuns(tools))) return
  for (const source of sources) await ask(tools, 'removeSource', source)
}

/** The sources that are in no zone, or in another. */
export async function missingZoneSources(tools: Tools, sources: readonly ZoneSource[]): Promise<readonly ZoneSource[]> {
  const found: ZoneSource[] = []
  for (const source of sources) {
    if ((await ask(tools, 'querySource', source)).stdout.trim() !== 'b true') found.push(source)
  }
  return found
}
