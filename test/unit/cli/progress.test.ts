import t from 'tap'
import { type Options, withProgress } from '../../../lib/cli/progress.ts'
import { type FakeOptions, fakeHost } from '../../../lib/host/fake.ts'

/** What stands on stderr after something was told twice, and what came of it. */
async function told(options: Options, fake: FakeOptions = {}) {
  const host = fakeHost(fake)
  const result = await withProgress(
    host,
    async tell => {
      tell('looking at one')
      tell('looking at the\nother')
      return 7
    },
    options,
  )
  return { result, stderr: host.printed.stderr }
}

t.test('on a terminal a line says what is done now, and goes', async t => {
  t.same(await told({ terminal: { isTTY: true, columns: 80 } }), {
    result: 7,
    stderr: '\r\u001b[Klooking at one …\r\u001b[Klooking at the other …\r\u001b[K',
  })
})

t.test('it is never longer than the line', async t => {
  const stderr = '\r\u001b[Klooking\r\u001b[Klooking\r\u001b[K'
  t.match(await told({ terminal: { isTTY: true, columns: 8 } }), { stderr })
  t.match(await told({ terminal: { isTTY: true, columns: 0 } }), { stderr: /the other …/ }, 'of unknown length: 80')
})

t.test('it goes where the work fails', async t => {
  const host = fakeHost()
  const work = async (tell: (now: string) => void) => {
    tell('trying')
    throw new Error('no')
  }
  await t.rejects(withProgress(host, work, { terminal: { isTTY: true } }), { message: 'no' })
  t.equal(host.printed.stderr, '\r\u001b[Ktrying …\r\u001b[K')
})

t.test('nothing is said', async t => {
  const silent = { result: 7, stderr: '' }
  t.same(await told({ terminal: {} }), silent, 'in a pipe')
  t.same(await told({ terminal: { isTTY: true }, quiet: true }), silent, 'to a script')
  t.same(
    await told({ terminal: { isTTY: true } }, { env: { TERM: 'dumb' } }),
    silent,
    'where no line can be taken back',
  )
})
