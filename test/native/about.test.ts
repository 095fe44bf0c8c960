/** The native executable, called by names of all kinds. */
import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { execa } from 'execa'
import t from 'tap'

const executable = resolve(import.meta.dirname, '../../dist/native/fairlead')
if (!existsSync(executable)) throw new Error(`${executable} is missing: run "make native" first`)

t.test('called by a name that is no plugin’s, it says what it is', async t => {
  const links = t.testdir()
  for (const name of ['fairlead-native', 'bridge', 'brigde']) symlinkSync(executable, join(links, name))
  const program = join(links, 'fairlead-native')
  const call = (file: string, words: readonly string[] = [], env: Readonly<Record<string, string>> = {}) =>
    execa(file, words, { env, reject: false })
  for (const word of ['version', '--version']) {
    const { exitCode, stdout } = await call(program, [word])
    t.equal(exitCode, 0)
    t.match(stdout, /^fairlead \d\S+\ncommit \S+\nQuickJS-ng \d+\.\d+\.\d+\nCNI 0\.1\.0, .*1\.1\.0$/)
  }
  for (const words of [[], ['doctor'], ['version', 'please']]) {
    const { exitCode, stdout, stderr } = await call(program, words)
    t.match(
      { exitCode, stdout, stderr },
      { exitCode: 1, stdout: '', stderr: /the command line is the other one, fairlead$/ },
    )
  }
  t.match((await call(join(links, 'brigde'))).stderr, /^Cannot act as "brigde": /)
  for (const file of [program, join(links, 'brigde')]) {
    const { exitCode, stdout } = await call(file, [], { CNI_COMMAND: 'ADD' })
    t.equal(exitCode, 1)
    t.match(JSON.parse(stdout), { code: 7, msg: /fairlead has no plugin of that name\. Check "type"/ })
  }
  t.match((await call(join(links, 'bridge'))).stderr, /^CNI bridge plugin v/, 'a plugin is what it is called')
})

t.test('the heap that it comes with is the same whoever fills it, and is not filled again', async t => {
  const folder = resolve(import.meta.dirname, `../../build/native/${process.arch}/native`)
  const fill = (name: string, more: Readonly<Record<string, string>>) =>
    execa(join(folder, 'filling'), [], { cwd: t.testdirName, env: { FAIRLEAD_KEEP_HEAP: name, ...more } })
  const kept = readFileSync(join(folder, 'kept'))
  t.testdir()
  for (const [index, more] of [{}, { LONG: 'x'.repeat(10_000) }].entries()) {
    await fill(`heap${index}`, more)
    t.ok(kept.equals(readFileSync(join(t.testdirName, `heap${index}`))), `try ${index}`)
  }
  const { stdout } = await execa(executable, ['version'], { cwd: t.testdirName, env: { FAIRLEAD_KEEP_HEAP: 'again' } })
  t.match(stdout, /^fairlead /)
  t.notOk(existsSync(join(t.testdirName, 'again')))
})
