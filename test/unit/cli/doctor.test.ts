import t from 'tap'
import { isAtLeast } from '../../../lib/cli/doctor/programs.ts'

t.test('versions are compared number by number', async t => {
  for (const [version, least, is] of [
    ['5.15', '5.15', true],
    ['5.9', '5.15', false],
    ['6.1', '5.15', true],
    ['6', '5.15', true],
    ['1.0', '1.0', true],
    ['0.9', '1.0', false],
    ['1', '1.0', true],
  ] as const) {
    t.equal(isAtLeast(version, least), is, `${version} and ${least}`)
  }
})
