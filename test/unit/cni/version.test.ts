import t from 'tap'
import { CniError } from '../../../lib/cni/error.ts'
import { gate, type Operation, versions } from '../../../lib/cni/version.ts'

/** What the gate says: the version, or the code of its refusal. */
function answer(operation: Operation, version: string, supported: readonly string[] = versions): string | number {
  try {
    return gate(operation, version, supported)
  } catch (error) {
    if (error instanceof CniError) return error.code
    throw error
  }
}

t.test('an operation passes in every version since it exists, and in none before', async t => {
  const since = {
    ADD: 0,
    DEL: 0,
    CHECK: versions.indexOf('0.4.0'),
    GC: versions.indexOf('1.1.0'),
    STATUS: versions.indexOf('1.1.0'),
  }
  for (const [operation, first] of Object.entries(since)) {
    const answers = versions.map(version => answer(operation as Operation, version))
    t.same(
      answers,
      versions.map((version, index) => (index < first ? 1 : version)),
      operation,
    )
  }
})

t.test('a version that is not spoken is refused with the code of the reference', async t => {
  for (const [operation, version, wanted] of [
    ['ADD', '1.2.0', 1],
    ['ADD', '1.1', 1],
    ['ADD', 'x', 1],
    ['DEL', '0.4', 1],
    ['CHECK', '1.0', 1],
    ['CHECK', '1.0.0.0', 6],
    ['CHECK', '', 6],
    ['CHECK', '-1', 6],
    ['GC', '1.1.0 ', 6],
    ['GC', '2', 1],
    ['STATUS', '0.9', 1],
  ] as const) {
    t.equal(answer(operation, version), wanted, `${operation} ${JSON.stringify(version)}`)
  }
})

t.test('a plugin that speaks few versions is asked about each operation on its own', async t => {
  const few = ['0.3.1', '0.4.0']
  for (const [operation, version, wanted] of [
    ['ADD', '0.3.1', '0.3.1'],
    ['ADD', '1.0.0', 1],
    ['CHECK', '0.4.0', '0.4.0'],
    ['CHECK', '0.3.1', 1],
    ['STATUS', '1.1.0', 1],
  ] as const) {
    t.equal(answer(operation, version, few), wanted, `${operation} ${version}`)
  }
})

t.test('the texts that other software matches on are there', async t => {
  t.throws(() => gate('CHECK', '0.3.1', versions), { message: 'config version does not allow CHECK' })
  t.throws(() => gate('CHECK', '1.0.0', ['0.4.0']), { message: 'plugin version does not allow CHECK' })
  t.throws(() => gate('ADD', '9.0.0', versions), {
    message: 'incompatible CNI versions',
    details: /"9\.0\.0".*"1\.1\.0"/,
  })
})
