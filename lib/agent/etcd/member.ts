/** A member of the cluster: one HTTP/2 connection, made when it is needed, and watched over with PING frames. */
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { SecureClientSessionOptions } from 'node:http2'
import { type Client, createClient } from '@connectrpc/connect'
import { createGrpcTransport, Http2SessionManager } from '@connectrpc/connect-node'
import { EtcdFault } from './fault.ts'
import type { EtcdOptions } from './options.ts'
import { Auth, KV, Lease, Watch } from './rpc_pb.ts'
import { readSecret } from './secret.ts'

/** What a member can be asked. */
export interface Rpc {
  readonly url: string
  readonly kv: Client<typeof KV>
  readonly watch: Client<typeof Watch>
  readonly lease: Client<typeof Lease>
  readonly auth: Client<typeof Auth>
}

export interface Member {
  readonly url: string
  /** @throws EtcdFault of kind "file" or "certificate" for files that cannot be used */
  rpc(): Rpc
  close(): void
}

/** Milliseconds to connect, to answer a call, and to answer a PING. */
export const patience = 3_000

/** A member drops whoever pings more often than every 5 s: "too many pings". */
const pings = { pingIntervalMs: 10_000, pingTimeoutMs: patience, connectTimeoutMs: patience }

function readFile(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new EtcdFault(
      'file',
      `Cannot read the ${what}: ${error instanceof Error ? error.message : error}. Correct its path`,
    )
  }
}

/** A certificate that is of use today: a member only says that it is bad. */
function certificate(path: string): string {
  const pem = readFile(path, 'certificate')
  let until: string
  try {
    until = new X509Certificate(pem).validTo
  } catch (error) {
    throw new EtcdFault('file', `Cannot use the certificate ${path}: it is none in PEM. Replace it`, { cause: error })
  }
  if (Date.parse(until) > Date.now()) return pem
  throw new EtcdFault('certificate', `Cannot use the certificate ${path}: it expired on ${until}. Renew it`)
}

/** What a connection is secured by. Throws EtcdFault as `rpc` does. */
export function secured({ ca, cert, keyFile }: EtcdOptions): SecureClientSessionOptions {
  return {
    ...(ca ? { ca: readFile(ca, 'certificates of authorities') } : {}),
    ...(cert ? { cert: certificate(cert) } : {}),
    ...(keyFile ? { key: readSecret(keyFile, 'the key of our certificate') } : {}),
  }
}

/** A member by its endpoint. Files are read for each connection: what was renewed is used with the next one. */
export function openMember(url: string, options: EtcdOptions): Member {
  let open: { readonly sessions: Http2SessionManager; readonly rpc: Rpc } | undefined
  const connect = () => {
    const sessions = new Http2SessionManager(url, pings, url.startsWith('https:') ? secured(options) : {})
    const transport = createGrpcTransport({ baseUrl: url, sessionManager: sessions })
    const [kv, watch] = [createClient(KV, transport), createClient(Watch, transport)]
    return {
      sessions,
      rpc: { url, kv, watch, lease: createClient(Lease, transport), auth: createClient(Auth, transport) },
    }
  }
  return {
    url,
    rpc() {
      if (open && ['closed', 'error'].includes(open.sessions.state())) open = undefined
      open ??= connect()
      return open.rpc
    },
    close() {
      open?.sessions.abort()
      open = undefined
    },
  }
}
