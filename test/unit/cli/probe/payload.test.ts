import fc from 'fast-check'
import t from 'tap'
import { isIntact, least, read, stateOf, write } from '../../../../lib/cli/probe/payload.ts'

const messages = fc.record({
  number: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  wants: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  state: fc.integer({ min: 0, max: 2 }),
})

t.test('a message is read as it was written, and tells whether a byte behind its head has changed', async t => {
  const property = fc.property(messages, fc.integer({ min: least, max: 3_000 }), fc.nat(), (message, length, place) => {
    const bytes = write(message, length)
    const found = read(bytes)
    t.equal(bytes.length, length)
    if (JSON.stringify({ ...found, number: 0 }) !== JSON.stringify({ ...message, number: 0, whole: true })) return false
    if (found?.number !== message.number || length === least) return found?.number === message.number
    const at = least + (place % (length - least))
    bytes[at] = (bytes[at] ?? 0) ^ 1
    return read(bytes)?.whole === false
  })
  t.doesNotThrow(() => fc.assert(property, { numRuns: 100 }))
})

t.test('what is no message is none', async t => {
  for (const text of ['', 'fairlead', 'x'.repeat(100)]) t.equal(read(Buffer.from(text)), undefined)
  t.ok(isIntact({ number: 0n, wants: 0, state: stateOf(true) }))
  t.notOk(isIntact({ number: 0n, wants: 0, state: stateOf(false) }))
})
