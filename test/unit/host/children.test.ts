import t from 'tap'
import type { Command } from '../../../lib/host/host.ts'
import { nodeHost } from '../../../lib/host/node.ts'

const host = nodeHost()
const command = (...argv: [string, ...string[]]): Command => ({ argv, env: { PATH: '/usr/bin:/bin' }, deadline: 5000 })
const sh = (script: string): Command => command('sh', '-c', script)

t.test('a child is run to its end, in the root directory, with its environment and nothing else', async t => {
  t.same(await host.run({ ...command('cat'), stdin: 'grüße\n' }), { code: 0, stdout: 'grüße\n', stderr: '' })
  t.same(await host.run(sh('echo out; echo err >&2; exit 3')), { code: 3, stdout: 'out\n', stderr: 'err\n' })
  t.same(await host.run(command('pwd')), { code: 0, stdout: '/\n', stderr: '' })
  t.same(await host.run({ ...command('env'), env: { PATH: '/usr/bin', A: 'b' } }), {
    code: 0,
    stdout: 'PATH=/usr/bin\nA=b\n',
    stderr: '',
  })
})

t.test('what cannot be started is an answer', async t => {
  t.match(await host.run(command('no-such-program')), { code: 127, stdout: '', stderr: /no-such-program ENOENT/ })
  t.match(await host.run(command('/etc/passwd')), { code: 127, stderr: /EACCES/ })
  const child = host.converse(command('no-such-program'))
  t.match(await child.say('x', () => false), { ended: true, stderr: /ENOENT/ })
  child.end()
})

t.test('a signal is a code over 128', async t => {
  t.match(await host.run(sh('kill -TERM $$')), { code: 143 })
  t.match(await host.run(sh('kill -KILL $$')), { code: 137 })
})

t.test('a megabyte goes in and comes out, whole characters only', async t => {
  const stdin = 'ä€😀x'.repeat(120_000)
  const { code, stdout } = await host.run({ ...command('cat'), stdin })
  t.equal(code, 0)
  t.ok(stdout === stdin)
})

t.test('a child that reads nothing, or ends early, is no error', async t => {
  const stdin = 'x'.repeat(1_000_000)
  t.same(await host.run({ ...command('true'), stdin }), { code: 0, stdout: '', stderr: '' })
  t.match(await host.run({ ...sh('exec 0<&-; sleep 0.05; exit 4'), stdin }), { code: 4 })
})

t.test('a conversation goes on until its stdin closes', async t => {
  const child = host.converse(command('cat'))
  t.same(await child.say('one', ({ stdout }) => stdout === 'one'), { stdout: 'one', stderr: '', ended: false })
  t.same(await child.say('two', ({ stdout }) => stdout === 'two'), { stdout: 'two', stderr: '', ended: false })
  t.same(await child.finish('three'), { code: 0, stdout: 'three', stderr: '' })
  t.match(await child.say('four', () => false), { ended: true })
})

t.test('a child that is silent too long is ended, without its grandchildren', async t => {
  const before = host.now()
  t.same(await host.run({ ...sh('sleep 7 & echo started; wait'), deadline: 150 }), {
    code: 137,
    stdout: 'started\n',
    stderr: 'ended after 150 ms without an answer\n',
  })
  t.ok(host.now() - before < 5000)
})

t.test('a process is ended by its number, once', async t => {
  const child = host.converse(sh('echo $$; exec sleep 7'))
  const { stdout } = await child.say('', ({ stdout }) => stdout.endsWith('\n'))
  t.equal(host.kill(Number(stdout)), true)
  t.match(await child.finish(''), { code: 137 })
  t.equal(host.kill(Number(stdout)), false)
})
