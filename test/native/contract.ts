/** A program for QuickJS: checks the claims of the host port below an empty directory, and prints a line for each. */
import { exit } from 'qjs:std'
import { quickjsHost } from '../../lib/host/quickjs.ts'
import { type Assert, filesContract, hostContract } from '../support/host-contract.ts'

declare const scriptArgs: readonly string[]

/** As JSON, with keys in order, so that equal values are equal text. */
const text = (value: unknown): string =>
  value instanceof RegExp
    ? String(value)
    : (JSON.stringify(value, (_, each) =>
        each && typeof each === 'object' && !Array.isArray(each)
          ? Object.fromEntries(Object.entries(each).sort())
          : each,
      ) ?? 'undefined')

/** As tap compares: regular expressions test text, objects match by the keys of the pattern. */
function matches(found: unknown, pattern: unknown): boolean {
  if (pattern instanceof RegExp) return pattern.test(String(found))
  if (typeof pattern === 'string' && typeof found === 'string') return found.includes(pattern)
  if (typeof pattern !== 'object' || pattern === null) return found === pattern
  return Object.entries(pattern).every(([key, value]) =>
    matches((found as Record<string, unknown> | undefined)?.[key], value),
  )
}

function claim(holds: boolean, ...about: readonly unknown[]): void {
  if (!holds) throw new Error(about.map(text).join(' '))
}

const assert: Assert = {
  ok: (value, ...message) => claim(Boolean(value), ...message),
  equal: (found, wanted, ...message) => claim(Object.is(found, wanted), found, 'is not', wanted, ...message),
  not: (found, unwanted, ...message) => claim(!Object.is(found, unwanted), found, ...message),
  same: (found, wanted, ...message) => claim(text(found) === text(wanted), found, 'is not like', wanted, ...message),
  match: (found, pattern, ...message) => claim(matches(found, pattern), found, 'does not match', pattern, ...message),
  rejects: async (promise, kind) => {
    const reason = await promise.then(
      () => undefined,
      error => error,
    )
    claim(reason instanceof kind, `not rejected as it should be: ${reason}`)
  },
}

async function main(): Promise<number> {
  const host = quickjsHost()
  const at = scriptArgs[1] ?? '/nonexistent'
  const files = Object.entries(filesContract).map(
    ([name, check], number) => [`files: ${name}`, () => check(assert, host.files, `${at}/${number}`)] as const,
  )
  const others = Object.entries(hostContract).map(([name, check]) => [name, () => check(assert, host)] as const)
  let failed = 0
  for (const [name, check] of [...files, ...others]) {
    const error = await check().then(
      () => undefined,
      reason => reason,
    )
    if (error) failed++
    await host.stdout(`${JSON.stringify({ name, ...(error ? { error: String(error) } : {}) })}\n`)
  }
  return failed
}

main().then(exit)
