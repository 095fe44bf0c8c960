import fc from 'fast-check'
import t from 'tap'
import { hasControl, utf8 } from '../../../lib/host/text.ts'

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

t.test('control characters are those of the category Cc', async () => {
  fc.assert(
    fc.property(
      fc.oneof(anything, fc.string({ unit: fc.constantFrom('a', '\u007f', '\u0080', '\u009f', '\u00a0') })),
      text => hasControl(text) === /\p{Cc}/u.test(text),
    ),
    { numRuns: 1_000 },
  )
})
