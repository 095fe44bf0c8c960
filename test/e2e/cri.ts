/**
 * Calls of the Kubernetes Container Runtime Interface over a socket, as the kubelet makes them. The numbers of the fields
 * are those of the API's `runtime.v1`.
 */
import { type ClientHttp2Session, connect as connectHttp, constants } from 'node:http2'
import { connect } from 'node:net'
import { decode, encode, type Fields, messagesIn, numberIn, pairs, type Received, textIn } from './protobuf.ts'

const patience = 100_000

/** A call in a frame of gRPC: not compressed, and how long it is. */
function frame(message: Buffer): Buffer {
  const head = Buffer.alloc(5)
  head.writeUInt32BE(message.length, 1)
  return Buffer.concat([head, message])
}

export interface PodConfig {
  readonly name: string
  readonly group: string
  readonly logs: string
  readonly ports?: readonly { readonly host: number; readonly container: number }[]
  readonly annotations?: Readonly<Record<string, string>>
}

const podFields = ({ name, group, logs, ports = [], annotations = {} }: PodConfig): Fields => ({
  1: { 1: name, 2: `uid-${name}`, 3: 'default' },
  2: name,
  3: logs,
  4: { 1: '10.96.0.10' },
  5: ports.map(({ host, container }) => ({ 2: container, 3: host })),
  7: pairs(annotations),
  8: { 1: group },
})

export interface Pod {
  readonly id: string
  readonly config: PodConfig
}

interface CallOptions {
  /** Milliseconds that the runtime has: then it gives up what it does. */
  readonly deadline?: number | undefined
}

/** Makes a call; fails where the runtime says that it failed. */
function callOn(
  session: ClientHttp2Session,
  method: string,
  fields: Fields,
  { deadline = patience }: CallOptions = {},
): Promise<Received> {
  const { HTTP2_HEADER_PATH: path, HTTP2_HEADER_METHOD: verb } = constants
  const kind = { 'content-type': 'application/grpc', te: 'trailers', 'grpc-timeout': `${deadline}m` }
  const stream = session.request({ [verb]: 'POST', [path]: `/runtime.v1.RuntimeService/${method}`, ...kind })
  const parts: Buffer[] = []
  let said: Readonly<Record<string, unknown>> = {}
  return new Promise((resolve, reject) => {
    const hear = (headers: object) => {
      said = { ...said, ...headers }
    }
    stream.setTimeout(patience, () => stream.destroy(new Error(`${method}: no answer within ${patience} ms`)))
    stream.on('response', hear).on('trailers', hear).on('error', reject)
    stream.on('data', (part: Buffer) => parts.push(part))
    stream.on('end', () => {
      const fault = decodeURIComponent(String(said['grpc-message'] ?? 'no answer'))
      if (said['grpc-status'] !== '0') reject(new Error(`${method}: ${fault}`))
      else resolve(decode(Buffer.concat(parts).subarray(5)))
    })
    stream.end(frame(encode(fields)))
  })
}

/** A client of the runtime that listens on a socket. */
export function criClient(socket: string) {
  const session = connectHttp('http://localhost', { createConnection: () => connect(socket) })
  session.on('error', () => session.destroy())
  const call = (method: string, fields: Fields, options?: CallOptions) => callOn(session, method, fields, options)
  return {
    /** Whether the runtime says that pods can have a network, and why not. */
    async networkReady(): Promise<string> {
      const [status] = messagesIn(await call('Status', {}), 1)
      const condition = status && messagesIn(status, 1).find(each => textIn(each, 1) === 'NetworkReady')
      return condition && numberIn(condition, 2) === 1 ? 'yes' : (condition && textIn(condition, 4)) || 'unknown'
    },
    async runPod(config: PodConfig, options?: CallOptions): Promise<Pod> {
      return { id: textIn(await call('RunPodSandbox', { 1: podFields(config) }, options), 1), config }
    },
    /** Its addresses, the first one first. */
    async addressesOf({ id }: Pod): Promise<readonly string[]> {
      const [status] = messagesIn(await call('PodSandboxStatus', { 1: id }), 1)
      const [network] = status ? messagesIn(status, 5) : []
      return network ? [textIn(network, 1), ...messagesIn(network, 2).map(each => textIn(each, 1))] : []
    },
    /** Creates and starts a container. */
    async runContainer({ id, config }: Pod, image: string, command: readonly string[]): Promise<string> {
      const container: Fields = { 1: { 1: 'main' }, 2: { 1: image, 18: image }, 3: command, 11: 'log', 15: {} }
      const created = await call('CreateContainer', { 1: id, 2: container, 3: podFields(config) })
      await call('StartContainer', { 1: textIn(created, 1) })
      return textIn(created, 1)
    },
    /** What a command in a container says. */
    async exec(container: string, command: readonly string[]): Promise<string> {
      const answer = await call('ExecSync', { 1: container, 2: command, 3: 5 })
      return `${textIn(answer, 1)}${textIn(answer, 2)}`.trim()
    },
    stopPod: ({ id }: Pod) => call('StopPodSandbox', { 1: id }),
    removePod: ({ id }: Pod) => call('RemovePodSandbox', { 1: id }),
    close: () => session.close(),
  }
}

export type Cri = ReturnType<typeof criClient>
