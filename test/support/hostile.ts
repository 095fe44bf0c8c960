/** Texts that try to break out of a script, and the check that a builder of scripts does not let them. */
import fc from 'fast-check'
import type { Test } from 'tap'
import { KernelError } from '../../lib/kernel/resource.ts'

/** Text that would add a word, a line, a command or a comment if it got through unquoted. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1 }),
  fc.string({ unit: fc.constantFrom(...'a0 \n\t"\'\\#;{}'), minLength: 1, maxLength: 12 }),
  fc.constantFrom('a\nlink del dev up0', 'a up', 'a; flush ruleset', '" comment "', 'a # b', '{ }', 'a . b', 'a\r\nb'),
)

/** Every text in a value. */
export function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : []
}

const replaced = <T>(value: T, old: string, by: string): T =>
  JSON.parse(JSON.stringify(value), (_, each) => (each === old ? by : each)) as T

/** The number of words in each line. */
export const words = (script: string): string =>
  script
    .split('\n')
    .map(line => line.match(/"[^"]*"|\S+/g)?.length ?? 0)
    .join(' ')

/** What ends a line, a statement or a block, outside of strings. */
export const ends = (script: string): string => script.replace(/"[^"\n]*"/g, '').replace(/[^\n{};#"]+/g, '')

function attempt(build: () => string): string | undefined {
  try {
    return build()
  } catch (error) {
    if (error instanceof KernelError) return undefined
    throw error
  }
}

/** Checks that no text of a resource, whatever it is, changes the shape of what is built of it. */
export function keepsShape<T>(
  t: Test,
  resource: T,
  build: (resource: T) => string,
  shape: (script: string) => string,
  fixed: readonly string[] = [],
): void {
  const wanted = shape(build(resource))
  for (const text of new Set(texts(resource).filter(each => !fixed.includes(each)))) {
    const property = fc.property(hostile, by => {
      const script = attempt(() => build(replaced(resource, text, by)))
      return script === undefined || shape(script) === wanted
    })
    const { failed, counterexample } = fc.check(property, { numRuns: 300 })
    t.notOk(failed, `${text}${failed ? ` replaced by ${JSON.stringify(counterexample)}` : ''}`)
  }
}
