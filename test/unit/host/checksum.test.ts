import fc from 'fast-check'
import t from 'tap'
import { checksum } from '../../../lib/host/checksum.ts'

t.test('a text has always the same, of 16 digits', async t => {
  t.equal(checksum(''), checksum(''))
  t.match(checksum('a'), /^[0-9a-f]{16}$/)
})

t.test('texts that differ somewhere differ in it', async t => {
  const property = fc.property(
    fc.string({ maxLength: 200 }),
    fc.nat(),
    fc.string({ minLength: 1 }),
    (text, place, more) => {
      const at = place % (text.length + 1)
      return checksum(text) !== checksum(text.slice(0, at) + more + text.slice(at))
    },
  )
  fc.assert(property, { numRuns: 2_000 })
  t.pass()
})

t.test('of very many similar texts no two have the same', async t => {
  const texts = Array.from(
    { length: 200_000 },
    (_, index) => `10.200.${index >> 8}.${index & 255} 192.0.2.${index % 251}`,
  )
  t.equal(new Set(texts.map(checksum)).size, texts.length)
})
