/** What an administrator has chosen for the whole host: `/etc/cni/fairlead.json`. A configuration's own key wins. */
import { CniError, code } from '../cni/error.ts'
import { type JsonObject, parseObject, pick, pickString } from '../cni/json.ts'
import type { Backend, HostDefaults, Request } from '../cni/request.ts'
import { meant } from '../cni/unknown.ts'
import type { Ports } from './ports.ts'

const file = '/etc/cni/fairlead.json'
const backends: readonly string[] = ['nftables', 'iptables']
const keys = ['backend']

const isBackend = (value: unknown): value is Backend => typeof value === 'string' && backends.includes(value)

const known = 'the known backends are "nftables" and "iptables"'

function warnings(conf: JsonObject): readonly string[] {
  const unknown = Object.keys(conf).filter(key => !keys.includes(key.toLowerCase()))
  return unknown.map(key => {
    const likely = meant(key, keys)
    return `unknown key "${key}" in ${file}${likely ? `, did you mean "${likely}"?` : ''}`
  })
}

/** Throws CniError 6 for a file that is no JSON object, 7 for a value that is none. */
async function readDefaults({ host, notes }: Ports): Promise<HostDefaults> {
  const text = await host.files.read(file)
  if (text === undefined) return {}
  const conf = parseObject(text, file)
  notes.warnings.push(...warnings(conf))
  const backend = pick(conf, 'backend')
  if (backend === undefined) return {}
  if (isBackend(backend)) return { backend }
  throw new CniError(code.config, `Cannot use "backend": ${JSON.stringify(backend)} of ${file}: ${known}`)
}

/**
 * The request with the host's defaults, where a choice of backend matters to it; else as it is, and nothing is read.
 *
 * @throws CniError 6, 7 for a file that cannot be used
 */
export async function informed(
  ports: Ports,
  request: Request,
  choosesBackend: (request: Request) => boolean,
): Promise<Request> {
  return choosesBackend(request) ? { ...request, defaults: await readDefaults(ports) } : request
}

/**
 * The backend for a feature: what the configuration says under its key, else what the host does, else nftables.
 *
 * @throws CniError 7 for an unknown one
 */
export function backendOf({ conf, defaults }: Request, key: string): Backend {
  const backend = pickString(conf, key) || undefined
  if (backend === undefined) return defaults?.backend ?? 'nftables'
  if (isBackend(backend)) return backend
  throw new CniError(code.config, `Cannot use "${key}": ${JSON.stringify(backend)}: ${known}`)
}
