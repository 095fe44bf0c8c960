/** The other end of a probe: it answers in as many bytes as it is asked for, and says what has arrived. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { least, pattern, read, stateOf, write } from './payload.ts'

/** The most that anybody is answered: no more than it takes to fill a packet of the largest MTU, and one behind it. */
const most = 20_000
/** What TCP sends each way: many packets of full size. */
export const bulk = 256 * 1024

/** Reads so many bytes; what it gives is shorter where the other end has sent no more. */
export async function take(socket: Socket, length: number): Promise<Buffer> {
  const parts: Buffer[] = []
  let have = 0
  try {
    for await (const part of socket.iterator({ destroyOnReturn: false })) {
      parts.push(part as Buffer)
      have += (part as Buffer).length
      if (have >= length) break
    }
  } catch {
    // What has come until then tells enough.
  }
  return Buffer.concat(parts)
}

/** A question, and so many bytes behind it; then the answer, and as many behind that. */
async function converse(socket: Socket): Promise<void> {
  socket.setTimeout(10_000, () => socket.destroy())
  const bytes = await take(socket, least + bulk)
  const question = read(bytes.subarray(0, least))
  if (!question) return
  const whole = bytes.subarray(least).equals(pattern(question.number, bulk))
  // A segment of its own, and a small one: so it is known which way large ones are lost.
  socket.setNoDelay().write(write({ number: question.number, wants: 0, state: stateOf(whole) }, least))
  socket.end(pattern(question.number, bulk))
}

function listenTcp(address: string, port: number) {
  const server = createServer(socket => {
    socket.on('error', () => socket.destroy())
    void converse(socket).catch(() => socket.destroy())
  })
  return { server, ready: once(server.listen(port, address), 'listening') }
}

function listenUdp(address: string, port: number) {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4')
  socket.on('message', (bytes, from) => {
    const question = read(bytes)
    if (question?.state !== 0) return
    const { number, wants, whole } = question
    socket.send(write({ number, wants: 0, state: stateOf(whole) }, Math.min(wants, most)), from.port, from.address)
  })
  socket.bind(port, address)
  return { socket, ready: once(socket, 'listening') }
}

/**
 * Answers at an address until it is told to stop.
 *
 * @throws Error where it cannot listen
 */
export async function answering(address: string, port: number): Promise<() => void> {
  const [tcp, udp] = [listenTcp(address, port), listenUdp(address, port)]
  await Promise.all([tcp.ready, udp.ready])
  udp.socket.on('error', () => undefined)
  return () => {
    tcp.server.close()
    udp.socket.close()
  }
}
