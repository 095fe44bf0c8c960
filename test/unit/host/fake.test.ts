import t from 'tap'
import { fakeHost } from '../../../lib/host/fake.ts'

const command = { argv: ['ip', '-batch', '-'], env: { A: 'b' }, deadline: 50 } as const

t.test('a scripted process answers, and is heard', async t => {
  const host = fakeHost({ run: ({ argv }) => (argv[0] === 'ip' ? { code: 1, stderr: 'no' } : {}) })
  t.same(await host.run({ ...command, stdin: 'link' }), { code: 1, stdout: '', stderr: 'no' })
  t.same(await host.run({ ...command, argv: ['nft'] }), { code: 0, stdout: '', stderr: '' })
  t.same(
    host.heard.map(({ argv, stdin }) => [argv[0], stdin]),
    [
      ['ip', 'link'],
      ['nft', ''],
    ],
  )
})

t.test('a conversation goes on until its stdin closes, its process ends, or its deadline passes', async t => {
  const host = fakeHost({
    talk: (_, told) => (told.length === 2 ? { stderr: 'bad', ended: true } : { stdout: `${told.length}` }),
  })
  const child = host.converse(command)
  t.equal(host.open(), 1)
  t.same(await child.say('one', ({ stdout }) => stdout === '1'), { stdout: '1', stderr: '', ended: false })
  t.same(await child.say('two', () => false), { stdout: '', stderr: 'bad', ended: true })
  t.same(await child.say('three', () => true), { stdout: '', stderr: '', ended: true })
  child.end()
  t.equal(host.open(), 0)
  t.same(await host.converse(command).finish('all'), { code: 0, stdout: '', stderr: '' })
  t.equal(host.open(), 0)
  const before = host.now()
  t.match(await host.converse(command).say('x', () => false), {
    ended: true,
    stderr: 'ended after 50 ms without an answer\n',
  })
  t.equal(host.now() - before, 50)
})

t.test('time passes by sleeping, chance never repeats itself within a host, and each host has the same', async t => {
  const [host, other] = [fakeHost({ now: 5 }), fakeHost()]
  await host.sleep(7)
  t.equal(host.now(), 12)
  const drawn = [host.random(4), host.random(4), host.random(4)]
  t.equal(new Set(drawn).size, 3)
  t.match(drawn[0], /^[0-9a-f]{8}$/)
  t.equal(other.random(4), drawn[0])
})

t.test('an empty variable counts as absent', async t => {
  const host = fakeHost({ env: { A: '', B: 'c' } })
  t.same([host.env('A'), host.env('B'), host.env('C')], [undefined, 'c', undefined])
})
