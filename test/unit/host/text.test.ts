import fc from 'fast-check'
import t from 'tap'
import { fromUtf8, hasControl, utf8 } from '../../../lib/host/text.ts'

const anything = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('a', '\u00e9', '\u20ac', '\ud83d\ude00', '\ud800', '\udc00', '%', '\n', '\0') }),
)

t.test('text becomes the bytes that an encoder makes of it', async () => {
  const encoder = new TextEncoder()
  fc.assert(
    fc.property(anything, text => Buffer.from(utf8(text)).equals(encoder.encode(text))),
    { numRuns: 1_000 },
  )
})

t.test('bytes become the text that a decoder makes of them', async t => {
  const whole = anything.map(text => Buffer.from(text))
  fc.assert(
    fc.property(whole, bytes => fromUtf8(bytes.toString('latin1')) === bytes.toString()),
    { numRuns: 1_000 },
  )
  for (const wrong of ['a\xffb', '\xc0\x80', '\xed\xa0\x80', '\xf4\x90\x80\x80', 'a\xe2\x82', '\xe2\x28\xa1', '\x80'])
    t.match(fromUtf8(wrong), /\ufffd/, 'what is none is marked')
})

t.test('control characters are those of the category Cc', async () => {
  fc.assert(
    fc.property(
      fc.oneof(anything, fc.string({ unit: fc.constantFrom('a', '\u007f', '\u0080', '\u009f', '\u00a0') })),
      text => hasControl(text) === /\p{Cc}/u.test(text),
    ),
    { numRuns: 1_000 },
  )
})
