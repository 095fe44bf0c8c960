import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { fakeHost } from '../../../lib/host/fake.ts'
import { nodeHost } from '../../../lib/host/node.ts'

const ask = nodeHost().ask ?? (async () => undefined)

/** A server at a socket that does this with every connection. */
async function serve(t: Test, answer: Parameters<typeof createServer>[1]): Promise<string> {
  // The directories of tap are too long for the name of a socket.
  const directory = mkdtempSync(join(tmpdir(), 'ask-'))
  const path = join(directory, 'socket')
  const server: Server = createServer(answer)
  await new Promise<void>(resolve => server.listen(path, resolve))
  t.teardown(() => {
    server.close()
    rmSync(directory, { recursive: true })
  })
  return path
}

t.test('a line is answered by a line', async t => {
  const path = await serve(t, socket =>
    socket.on('data', data => {
      socket.write(`you said ${String(data).trim()}, `)
      setTimeout(() => socket.write('ü\nand more'), 20)
    }),
  )
  t.equal(await ask(path, 'hello', 2_000), 'you said hello, ü')
})

t.test('who hangs up, says half a line or nothing within the deadline has not answered', async t => {
  t.equal(await ask(await serve(t, socket => socket.end()), 'x', 2_000), undefined)
  t.equal(await ask(await serve(t, socket => socket.end('half')), 'x', 2_000), undefined)
  const start = Date.now()
  t.equal(await ask(await serve(t, () => undefined), 'x', 100), undefined)
  t.ok(Date.now() - start < 1_900)
})

t.test('where nobody listens there is no answer', async t => {
  const directory = t.testdir({ file: '' })
  for (const path of [
    join(directory, 'none'),
    join(directory, 'file'),
    join(directory, 'file/x'),
    `/${'x'.repeat(200)}`,
  ]) {
    t.equal(await ask(path, 'x', 1_000), undefined, path.slice(0, 80))
  }
})

t.test('the fake answers as it is told', async t => {
  t.equal(await fakeHost().ask?.('/socket', 'x', 1), undefined)
  t.equal(await fakeHost({ ask: (socket, line) => `${socket} ${line}` }).ask?.('/socket', 'x', 1), '/socket x')
})
