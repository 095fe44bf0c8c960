import fc from 'fast-check'
import t from 'tap'
import { KernelError } from '../../../lib/kernel/resource.ts'
import { comment, isToken, quoted, token } from '../../../lib/kernel/token.ts'

/** Text of any kind, and of the kinds that break scripts. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      'a',
      ' ',
      '\n',
      '\r',
      '\t',
      '\0',
      '"',
      "'",
      '\\',
      '#',
      ';',
      '{',
      '}',
      '$',
      '\u2028',
      '\u00a0',
    ),
  }),
  fc.stringMatching(/^[A-Za-z0-9_.:@/+=,~!-]*$/),
)

const attempt = (encode: (text: string) => string, text: string): string | undefined => {
  try {
    return encode(text)
  } catch (error) {
    if (error instanceof KernelError) return undefined
    throw error
  }
}

t.test('whatever the text, a token is refused or is one word that says just that', async () => {
  fc.assert(
    fc.property(hostile, text => {
      const word = attempt(token, text)
      return word === undefined
        ? !isToken(text)
        : word === text && isToken(text) && /^[\x21-\x7e]+$/.test(word) && !/["'\\#;{}$`]/.test(word)
    }),
    { numRuns: 2_000 },
  )
})

t.test('whatever the text, a quoted string is refused or cannot end before its end', async () => {
  fc.assert(
    fc.property(hostile, text => {
      const string = attempt(quoted, text)
      return (
        string === undefined ||
        (string === `"${text}"` && /^"[\x20-\x7e]*"$/.test(string) && !/["\\]/.test(string.slice(1, -1)))
      )
    }),
    { numRuns: 2_000 },
  )
})

t.test('whatever the text, a comment can be quoted', async () => {
  fc.assert(
    fc.property(hostile, text => quoted(comment(text)).length <= 130),
    { numRuns: 1_000 },
  )
})

t.test('what networks are made of passes', async t => {
  for (const text of [
    'eth0',
    'eth0.100',
    'fd00::1/64',
    '02:42:0a:00:00:01',
    '/var/run/netns/cni-1',
    'fairlead:0a-b',
    '-x',
    'a@b',
  ]) {
    t.equal(token(text), text)
  }
})

t.test('the empty string, line ends and texts that are too long are refused', async t => {
  for (const text of ['', 'a\n', '\na', 'a\r', 'a'.repeat(4097), 'a b', 'a"', 'a\\', 'a#', '\u00e9']) {
    t.throws(() => token(text), KernelError, JSON.stringify(text.slice(0, 9)))
  }
  t.throws(() => quoted('a\n'), KernelError)
  t.throws(() => quoted('a'.repeat(129)), KernelError)
})
