import fc from 'fast-check'
import t from 'tap'
import { KernelError } from '../../../lib/kernel/resource.ts'
import { comment, isPhrase, isToken, quoted, rule, token } from '../../../lib/kernel/token.ts'

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

t.test('whatever the text, a rule is refused or is a phrase, with one element of a set at most', async t => {
  fc.assert(
    fc.property(hostile, hostile, hostile, (before, inside, after) => {
      const text = `${before}update @a { ${inside} }${after}`
      const whole = attempt(rule, text)
      if (whole === undefined) return true
      return whole === text && isPhrase(text.replace('{', '').replace('}', ''))
    }),
    { numRuns: 2_000 },
  )
  for (const text of ['ct state new update @a { ip saddr timeout 5s } drop', 'update @a { ip saddr }', 'accept']) {
    t.equal(rule(text), text)
  }
  for (const text of [
    'ip saddr { 192.0.2.1 } drop',
    'update @a { b',
    'update @a { b } { c }',
    'update @a { b }; drop',
  ]) {
    t.throws(() => rule(text), KernelError, text)
  }
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
