/** Questions to the other end of a tunnel, and what became of them. */
import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { execa } from 'execa'
import { bulk, take } from './listen.ts'
import { isIntact, least, pattern, read, write } from './payload.ts'

/**
 * `there` is about the question, `back` about the answer. `refused`: the other end is there, but nobody listens. `stalls`: TCP
 * is taken up, and nothing comes of it.
 */
export type Outcome =
  | 'arrives'
  | 'changed there'
  | 'changed back'
  | 'stalls there'
  | 'stalls back'
  | 'refused'
  | 'silent'

/** From where to where. */
export interface Way {
  readonly from: string
  readonly to: string
  readonly port: number
}

/** Milliseconds that an answer may take, and how many times it is asked for: a packet may be lost for other reasons. */
const patience = 400
const attempts = 3

const newNumber = (): bigint => randomBytes(8).readBigUInt64BE()

async function askOnce({ from, to, port }: Way, send: number, wants: number): Promise<Outcome> {
  const socket = createSocket(to.includes(':') ? 'udp6' : 'udp4')
  const number = newNumber()
  try {
    return await new Promise<Outcome>((resolve, reject) => {
      const timer = setTimeout(() => resolve('silent'), patience)
      socket.on('error', error => {
        clearTimeout(timer)
        const { code } = error as NodeJS.ErrnoException
        if (code === 'ECONNREFUSED') resolve('refused')
        else if (code === 'EHOSTUNREACH' || code === 'EMSGSIZE') resolve('silent')
        else reject(error)
      })
      socket.on('message', bytes => {
        const answer = read(bytes)
        if (answer?.number !== number) return
        clearTimeout(timer)
        resolve(!isIntact(answer) ? 'changed there' : answer.whole ? 'arrives' : 'changed back')
      })
      socket.bind(0, from, () => {
        // Only who is connected is told that nobody listens.
        socket.connect(port, to, () => socket.send(write({ number, wants, state: 0 }, send)))
      })
    })
  } finally {
    socket.close()
  }
}

/** Sends a datagram of so many bytes of payload, and asks for an answer of so many. */
export async function askUdp(way: Way, send: number, wants: number): Promise<Outcome> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await askOnce(way, send, wants)
    if (outcome !== 'silent' || attempt === attempts) return outcome
  }
}

async function talk(socket: Socket): Promise<Outcome> {
  const number = newNumber()
  socket.write(Buffer.concat([write({ number, wants: 0, state: 0 }, least), pattern(number, bulk)]))
  const bytes = await take(socket, least + bulk)
  const answer = read(bytes.subarray(0, least))
  if (!answer) return 'stalls there'
  if (!isIntact(answer)) return 'changed there'
  if (bytes.length < least + bulk) return 'stalls back'
  return bytes.subarray(least).equals(pattern(number, bulk)) ? 'arrives' : 'changed back'
}

/** Sends much by TCP, and gets as much. */
export async function askTcp({ from, to, port }: Way): Promise<Outcome> {
  const socket = connect({ host: to, port, localAddress: from })
  socket.setTimeout(3_000, () => socket.destroy(new Error('nothing comes')))
  const connected = once(socket, 'connect')
  try {
    await connected
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ECONNREFUSED' ? 'refused' : 'silent'
  }
  try {
    return await talk(socket)
  } finally {
    socket.destroy()
  }
}

/** True where pings of so many bytes of payload are answered, unfragmented: their checksums the host makes itself. */
export async function answersPing({ from, to }: Way, size: number): Promise<boolean> {
  const words = ['-n', '-c', '3', '-i', '0.2', '-W', '1', '-M', 'do', '-s', String(size), '-I', from, to]
  const { exitCode } = await execa('ping', words, { reject: false, stdin: 'ignore' })
  return exitCode === 0
}
