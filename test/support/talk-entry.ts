/**
 * Both ends of real connections, as a process of its own in a namespace.
 *
 * - `node talk.ts serve NAME PORTS ADDRESS…` answers with its name by TCP and UDP, and prints a line once it listens
 * - `node talk.ts ask` reads a list of calls from stdin, makes them all at once, and prints who answered each
 */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { text } from 'node:stream/consumers'

export interface Call {
  readonly protocol: 'tcp' | 'udp'
  readonly address: string
  readonly port: number
}

/** Milliseconds after which silence is a no. */
const patience = 1_000
/** A datagram is lost where an address has yet to be resolved by too many at once. */
const again = 200

async function serve(name: string, ports: readonly number[], addresses: readonly string[]): Promise<void> {
  for (const address of addresses) {
    for (const port of ports) {
      const tcp = createServer(socket => socket.on('error', () => undefined).end(name)).listen(port, address)
      const udp = createSocket(address.includes(':') ? 'udp6' : 'udp4')
      udp.on('message', (_, from) => udp.send(name, from.port, from.address)).bind(port, address)
      await Promise.all([once(tcp, 'listening'), once(udp, 'listening')])
    }
  }
  process.stdout.write('ready\n')
}

const askTcp = ({ address, port }: Call): Promise<string> =>
  new Promise(resolve => {
    let answer = ''
    const socket = connect({ host: address, port })
    const finish = () => {
      socket.destroy()
      resolve(answer)
    }
    setTimeout(finish, patience)
    socket.on('data', data => {
      answer += data
    })
    socket.on('close', finish).on('error', finish)
  })

const askUdp = ({ address, port }: Call): Promise<string> =>
  new Promise(resolve => {
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4')
    const send = () => socket.send('hello', port, address, () => undefined)
    const repeat = setInterval(send, again)
    let over = false
    const finish = (answer: string) => {
      if (over) return
      over = true
      clearInterval(repeat)
      socket.close()
      resolve(answer)
    }
    setTimeout(() => finish(''), patience)
    socket.on('message', data => finish(String(data))).on('error', () => finish(''))
    send()
  })

const [verb, name = '', ports = '', ...addresses] = process.argv.slice(2)
if (verb === 'serve') await serve(name, ports.split(',').map(Number), addresses)
else {
  const calls = JSON.parse(await text(process.stdin)) as readonly Call[]
  const answers = await Promise.all(calls.map(call => (call.protocol === 'tcp' ? askTcp(call) : askUdp(call))))
  process.stdout.write(JSON.stringify(answers))
  process.exit(0)
}
