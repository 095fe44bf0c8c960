/** What the agent answers: everything at a socket that only root can use, and how it does at an address if one is given. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import type { Learned } from '../../../plugins/vxlan-overlay/control-plane/etcd.ts'
import { listenAt } from '../unix-socket.ts'
import type { Agent } from './agent.ts'
import { metricsOf } from './metrics.ts'
import { networksNow, nodesNow, stateNow } from './report.ts'

type Answer = { readonly status: number; readonly type: string; readonly text: string }
type Answerer = (path: string) => Promise<Answer | undefined>

const json = (value: unknown, status = 200): Answer => ({
  status,
  type: 'application/json',
  text: `${JSON.stringify(value, undefined, 2)}\n`,
})

/** How it does: what everybody may know who can reach the address. */
function health(agent: Agent): Answerer {
  const metrics = metricsOf(agent)
  return async path => {
    if (path === '/healthz') {
      const state = stateNow(agent)
      return json(state, state.ok ? 200 : 503)
    }
    if (path !== '/metrics') return undefined
    return { status: 200, type: metrics.contentType, text: await metrics.text() }
  }
}

/** What only root may know. */
const details =
  (agent: Agent, document: (network: string) => Promise<Learned | undefined>): Answerer =>
  async path => {
    if (path === '/v1/state') return json({ ...stateNow(agent), faults: Object.fromEntries(agent.faults.now) })
    if (path === '/v1/nodes') return json(nodesNow(agent))
    if (path === '/v1/networks') return json(networksNow(agent))
    const network = /^\/v1\/networks\/([^/]+)$/.exec(path)?.[1]
    const found = network === undefined ? undefined : await document(decodeURIComponent(network))
    return found && json(found)
  }

async function respond(request: IncomingMessage, response: ServerResponse, ask: readonly Answerer[]): Promise<void> {
  let answer: Answer | undefined
  try {
    if (request.method !== 'GET') answer = json({ error: 'Only GET is known here' }, 405)
    const path = (request.url ?? '/').split('?')[0] ?? '/'
    for (const each of ask) answer ??= await each(path)
  } catch (error) {
    answer = json({ error: error instanceof Error ? error.message : String(error) }, 500)
  }
  const { status, type, text } = answer ?? json({ error: 'There is nothing of that name' }, 404)
  response.writeHead(status, { 'content-type': type }).end(text)
}

const serverOf = (...ask: readonly Answerer[]): Server =>
  createServer((request, response) => void respond(request, response, ask))

/** True while somebody listens there. */
const isTaken = (path: string): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect(path, () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })

async function atSocket(server: Server, path: string): Promise<void> {
  if (await isTaken(path)) throw new Error(`Cannot listen at ${path}: another agent does. Stop it, or set "socket"`)
  await listenAt(server, path, 0o600)
}

const closed = (server: Server): Promise<void> =>
  new Promise(resolve => {
    server.close(() => resolve())
    server.closeAllConnections()
  })

/**
 * Listens, and answers until the function that it gives is called.
 *
 * @param document what plugins on this host are told of a network
 * @throws Error where it cannot listen
 */
export async function serve(
  agent: Agent,
  document: (network: string) => Promise<Learned | undefined>,
): Promise<() => Promise<void>> {
  const how = health(agent)
  const servers = [serverOf(how, details(agent, document))]
  const [own] = servers
  if (own) await atSocket(own, agent.config.socket)
  const [, address, port] = /^\[?(.*?)\]?:(\d+)$/.exec(agent.config.listen ?? '') ?? []
  if (address !== undefined) {
    const open = serverOf(how)
    await new Promise<void>((resolve, reject) => open.once('error', reject).listen(Number(port), address, resolve))
    servers.push(open)
  }
  return async () => void (await Promise.all(servers.map(closed)))
}
