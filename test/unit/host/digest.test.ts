import { createHash } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { digest, sha512Digits } from '../../../lib/host/digest.ts'

t.test('a digest is the start of SHA-256 over the parts as JSON', async () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 4 }),
      fc.integer({ min: 1, max: 64 }),
      (parts, digits) => {
        const wanted = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, digits)
        return digest(digits, ...parts) === wanted
      },
    ),
  )
})

t.test('known digests stay what they are, for names on disk follow from them', async t => {
  t.equal(digest(64), '4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945')
  t.equal(digest(16, 'net1'), createHash('sha256').update('["net1"]').digest('hex').slice(0, 16))
})

t.test('lists of parts that join to the same text differ', async t => {
  const lists = [['a', 'b'], ['ab'], ['a b'], ['b', 'a'], ['a', 'b', ''], ['a","b']]
  t.equal(new Set(lists.map(list => digest(20, ...list))).size, lists.length)
})

t.test('names of other programs are the start of SHA-512', async () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 128 }), (text, digits) => {
      return sha512Digits(digits, text) === createHash('sha512').update(text).digest('hex').slice(0, digits)
    }),
  )
})
