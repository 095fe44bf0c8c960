/** The daemon's socket: its own, or one that systemd hands over; a line in, a line out. */
import { createServer, type Server, type Socket } from 'node:net'
import type { Host } from '../../host/host.ts'
import type { Answer, Question } from '../../ipam/dhcp.ts'
import { listenAt } from '../unix-socket.ts'

/** The first descriptor that is handed over (sd_listen_fds(3)). */
const firstDescriptor = 3
/** Characters of a question, which may name ten thousand attachments; and milliseconds to say it in. */
const longest = 4_000_000
const patience = 10_000

export type Answerer = (line: string, gone: AbortSignal) => Promise<Answer>

/**
 * Whether systemd has handed a socket over.
 *
 * @throws Error for any other number than one
 */
export function isActivated(environment: Readonly<Record<string, string | undefined>>, pid: number): boolean {
  if (environment.LISTEN_PID !== String(pid)) return false
  if (environment.LISTEN_FDS === '1') return true
  const msg = `systemd hands over ${environment.LISTEN_FDS} sockets, and the daemon listens at one`
  throw new Error(`Cannot listen: ${msg}. Name one ListenStream in the socket unit`)
}

async function serve(socket: Socket, answer: Answerer): Promise<void> {
  const gone = new AbortController()
  let heard = ''
  socket.setEncoding('utf8').setTimeout(patience, () => socket.destroy())
  socket.on('error', () => socket.destroy())
  socket.on('close', () => gone.abort())
  const line = await new Promise<string>(resolve => {
    socket.on('data', text => {
      heard += text
      if (heard.length > longest) socket.destroy()
      else if (text.includes('\n')) resolve(heard.slice(0, heard.indexOf('\n')))
    })
  })
  socket.setTimeout(0)
  socket.end(`${JSON.stringify(await answer(line, gone.signal))}\n`)
}

/** A socket of our own: in the place of one that a killed daemon has left, and of no other. */
async function bind(host: Host, server: Server, path: string): Promise<void> {
  const question: Question = { ask: 'status' }
  if ((await host.ask?.(path, JSON.stringify(question), 1_000)) !== undefined) {
    throw new Error(`Cannot listen at ${path}: another daemon does. Stop it, or name another --socketpath`)
  }
  await listenAt(server, path, 0o660)
}

/**
 * Listens, and answers every line.
 *
 * @param path undefined for the socket that systemd has handed over
 * @returns what ends it; a socket of our own is removed
 */
export async function listen(host: Host, path: string | undefined, answer: Answerer): Promise<() => Promise<void>> {
  const open = new Set<Socket>()
  const server = createServer(socket => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    void serve(socket, answer)
  })
  if (path === undefined) {
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen({ fd: firstDescriptor }, resolve))
  } else await bind(host, server, path)
  return async () => {
    const closed = new Promise<void>(resolve => server.close(() => resolve()))
    for (const socket of open) socket.destroy()
    await closed
  }
}
