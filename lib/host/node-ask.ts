/** Questions to servers of this host, on Node.js. */
import { connect } from 'node:net'
import { errno, fault } from './node-files.ts'

/** Nobody listens there, or at a path that is none, or stopped listening. */
const absent = new Set(['ENOENT', 'ENOTDIR', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'EINVAL', 'ENAMETOOLONG'])

/** Asks a question; see Host.ask. */
export const ask = (path: string, line: string, deadline: number): Promise<string | undefined> =>
  new Promise((resolve, reject) => {
    let heard = ''
    const socket = connect(path, () => socket.write(`${line}\n`)).setEncoding('utf8')
    const timer = setTimeout(() => socket.destroy(), deadline)
    // Who called us may be killed, and we with a deadline of minutes would take what nobody waits for.
    const parent = process.ppid
    const watch = setInterval(() => process.ppid === parent || socket.destroy(), 50)
    socket.on('data', text => {
      heard += text
      if (heard.includes('\n')) socket.destroy()
    })
    socket.on('error', error => {
      if (!absent.has(errno(error))) reject(fault(path, error))
    })
    socket.on('close', () => {
      clearTimeout(timer)
      clearInterval(watch)
      resolve(heard.includes('\n') ? heard.slice(0, heard.indexOf('\n')) : undefined)
    })
  })
