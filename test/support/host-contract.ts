/** What every adapter of the host port promises, as claims that any engine can check. */
import { type Command, FileError, type Files, type Host } from '../../lib/host/host.ts'

/** The part of tap's assertions that the claims need. */
export interface Assert {
  ok(value: unknown, ...message: [] | [string]): void
  equal(found: unknown, wanted: unknown, ...message: [] | [string]): void
  not(found: unknown, unwanted: unknown, ...message: [] | [string]): void
  same(found: unknown, wanted: unknown, ...message: [] | [string]): void
  match(found: unknown, pattern: unknown, ...message: [] | [string]): void
  rejects(promise: Promise<unknown>, kind: typeof FileError): Promise<unknown>
}

/** What every adapter promises of files, below an empty directory; one claim each. */
export const filesContract: Readonly<Record<string, (t: Assert, files: Files, at: string) => Promise<void>>> = {
  'what is absent is a value': async (t, files, at) => {
    await files.create(`${at}/file`, 'x')
    for (const path of [`${at}/none`, `${at}/none/below`, `${at}/file/below`]) {
      t.equal(await files.read(path), undefined)
      t.equal(await files.stat(path), undefined)
      t.equal(await files.readlink(path), undefined)
      t.equal(await files.poke(path, 'x'), false)
      t.equal(await files.remove(path), false)
      t.same(await files.list(path), [])
    }
  },
  'create makes a file once, and the directories above it': async (t, files, at) => {
    t.equal(await files.create(`${at}/a/b/c`, 'one'), true)
    t.equal(await files.create(`${at}/a/b/c`, 'two'), false)
    t.equal(await files.create(`${at}/a/b`, 'two'), false)
    t.equal(await files.read(`${at}/a/b/c`), 'one')
    t.match(await files.stat(`${at}/a/b`), { kind: 'directory' })
  },
  'replace makes another file, poke writes into the same': async (t, files, at) => {
    await files.replace(`${at}/a/b`, 'one')
    const first = await files.stat(`${at}/a/b`)
    t.equal(await files.poke(`${at}/a/b`, 'three'), true)
    t.match(await files.stat(`${at}/a/b`), { inode: first?.inode, device: first?.device, kind: 'file' })
    t.equal(await files.read(`${at}/a/b`), 'three')
    t.equal(await files.poke(`${at}/a/b`, 'ü'), true)
    t.equal(await files.read(`${at}/a/b`), 'ü', 'nothing is left of what was longer')
    await files.replace(`${at}/a/b`, '2')
    t.not((await files.stat(`${at}/a/b`))?.inode, first?.inode)
    t.equal(await files.read(`${at}/a/b`), '2')
    t.same(await files.list(`${at}/a`), ['b'], 'nothing else is left there')
  },
  'extend writes at the end of what is there': async (t, files, at) => {
    await files.create(`${at}/a/b`, 'one\n')
    t.equal(await files.extend(`${at}/a/b`, 'two\n'), true)
    t.equal(await files.read(`${at}/a/b`), 'one\ntwo\n')
    await t.rejects(files.extend(`${at}/a`, 'x'), FileError)
  },
  'append writes at the end, and begins where nothing was': async (t, files, at) => {
    await files.append(`${at}/a/log`, 'one\n')
    await files.append(`${at}/a/log`, 'two\n')
    t.equal(await files.read(`${at}/a/log`), 'one\ntwo\n')
  },
  'list has the names, remove takes files and empty directories': async (t, files, at) => {
    await files.create(`${at}/a/b`, '')
    await files.create(`${at}/a/c/d`, '')
    t.same((await files.list(`${at}/a`)).sort(), ['b', 'c'])
    t.equal(await files.remove(`${at}/a/b`), true)
    await t.rejects(files.remove(`${at}/a/c`), FileError)
    t.equal(await files.remove(`${at}/a/c/d`), true)
    t.equal(await files.remove(`${at}/a/c`), true)
    t.same(await files.list(`${at}/a`), [])
  },
  'a directory has no text, and a file no names': async (t, files, at) => {
    await files.create(`${at}/a/b`, 'x')
    await t.rejects(files.read(`${at}/a`), FileError)
    await t.rejects(files.poke(`${at}/a`, 'x'), FileError)
    await t.rejects(files.create(`${at}/a/b/c`, 'x'), FileError)
    t.same(await files.list(`${at}/a/b`), [])
  },
}

const command = (...argv: [string, ...string[]]): Command => ({ argv, env: { PATH: '/usr/bin:/bin' }, deadline: 5000 })
const sh = (script: string): Command => command('sh', '-c', script)

/** Of child processes, the environment, the clock and randomness. */
export const hostContract: Readonly<Record<string, (t: Assert, host: Host) => Promise<void>>> = {
  'a child is run to its end, in the root directory, with its environment and nothing else': async (t, host) => {
    t.same(await host.run({ ...command('cat'), stdin: 'grüße\n' }), { code: 0, stdout: 'grüße\n', stderr: '' })
    t.same(await host.run(sh('echo out; echo err >&2; exit 3')), { code: 3, stdout: 'out\n', stderr: 'err\n' })
    t.same(await host.run(command('pwd')), { code: 0, stdout: '/\n', stderr: '' })
    t.same(await host.run({ ...command('env'), env: { PATH: '/usr/bin', A: 'b' } }), {
      code: 0,
      stdout: 'PATH=/usr/bin\nA=b\n',
      stderr: '',
    })
  },
  'what cannot be started is an answer': async (t, host) => {
    t.match(await host.run(command('no-such-program')), { code: 127, stdout: '', stderr: /no-such-program ENOENT/ })
    t.match(await host.run(command('/etc/passwd')), { code: 127, stderr: /EACCES/ })
    const child = host.converse(command('no-such-program'))
    t.match(await child.say('x', () => false), { ended: true, stderr: /ENOENT/ })
    child.end()
  },
  'a signal is a code over 128': async (t, host) => {
    t.match(await host.run(sh('kill -TERM $$')), { code: 143 })
    t.match(await host.run(sh('kill -KILL $$')), { code: 137 })
  },
  'a megabyte goes in and comes out, whole characters only': async (t, host) => {
    const stdin = 'ä€😀x'.repeat(120_000)
    const { code, stdout } = await host.run({ ...command('cat'), stdin })
    t.equal(code, 0)
    t.ok(stdout === stdin)
  },
  'a child that reads nothing, or ends early, is no error': async (t, host) => {
    const stdin = 'x'.repeat(1_000_000)
    t.same(await host.run({ ...command('true'), stdin }), { code: 0, stdout: '', stderr: '' })
    t.match(await host.run({ ...sh('exec 0<&-; sleep 0.05; exit 4'), stdin }), { code: 4 })
  },
  'a conversation goes on until its stdin closes': async (t, host) => {
    const child = host.converse(command('cat'))
    t.same(await child.say('one', ({ stdout }) => stdout === 'one'), { stdout: 'one', stderr: '', ended: false })
    t.same(await child.say('two', ({ stdout }) => stdout === 'two'), { stdout: 'two', stderr: '', ended: false })
    t.same(await child.finish('three'), { code: 0, stdout: 'three', stderr: '' })
    t.match(await child.say('four', () => false), { ended: true })
  },
  'a child that is silent too long is ended, without its grandchildren': async (t, host) => {
    const before = host.now()
    t.same(await host.run({ ...sh('sleep 7 & echo started; wait'), deadline: 800 }), {
      code: 137,
      stdout: 'started\n',
      stderr: 'ended after 800 ms without an answer\n',
    })
    t.ok(host.now() - before < 5000)
  },
  'a process is ended by its number, once': async (t, host) => {
    const child = host.converse(sh('echo $$; exec sleep 7'))
    const { stdout } = await child.say('', ({ stdout }) => stdout.endsWith('\n'))
    t.equal(host.kill(Number(stdout)), true)
    t.match(await child.finish(''), { code: 137 })
    t.equal(host.kill(Number(stdout)), false)
  },
  'an empty variable counts as absent, and the whole environment has it': async (t, host) => {
    t.equal(host.env('CONTRACT'), 'grün')
    t.equal(host.env('CONTRACT_EMPTY'), undefined)
    t.equal(host.env('CONTRACT_ABSENT'), undefined)
    t.match(host.environment(), { CONTRACT: 'grün', CONTRACT_EMPTY: '' })
  },
  'it knows itself': async (t, host) => {
    t.match(host.executable, /^\//)
    t.equal(await host.files.readlink('/proc/self').then(Number), host.pid)
  },
  'randomness has the length that was asked for, and is not the same twice': async (t, host) => {
    t.match(host.random(8), /^[0-9a-f]{16}$/)
    t.not(host.random(8), host.random(8))
  },
  'sleep lets that time pass': async (t, host) => {
    const before = host.now()
    await host.sleep(30)
    const passed = host.now() - before
    t.ok(passed >= 29 && passed < 5000, `${passed} ms`)
  },
}
