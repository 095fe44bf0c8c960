import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, symlinkSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { readSecret } from '../../../../lib/agent/etcd/secret.ts'

t.test('a secret is read from a file that nobody else may read', async t => {
  const path = `${t.testdir({})}/secret`
  writeFileSync(path, 'word\n', { mode: 0o600 })
  t.equal(readSecret(path, 'the password'), 'word\n')
  chmodSync(path, 0o400)
  t.equal(readSecret(path, 'the password'), 'word\n')
})

for (const mode of [0o640, 0o604, 0o620, 0o610, 0o601, 0o666]) {
  t.test(`mode ${mode.toString(8)} is refused`, async t => {
    const path = `${t.testdir({})}/secret`
    writeFileSync(path, 'word')
    chmodSync(path, mode)
    symlinkSync(path, `${path}.link`)
    const words = new RegExp(
      `Cannot use \\S+ as the password: others may read it \\(mode 0${mode.toString(8)}\\)\\. Run chmod 0600`,
    )
    t.throws(() => readSecret(path, 'the password'), { kind: 'file', message: words })
    t.throws(() => readSecret(`${path}.link`, 'the password'), { kind: 'file', message: words }, 'by a link, too')
  })
}

t.test('a file of another user is refused', { skip: process.getuid?.() === 0 ? false : 'needs root' }, async t => {
  const path = `${t.testdir({})}/secret`
  writeFileSync(path, 'word', { mode: 0o600 })
  chownSync(path, 1_234, 0)
  t.throws(() => readSecret(path, 'the key'), {
    kind: 'file',
    message: /as the key: it belongs to the user 1234\. Give it/,
  })
})

t.test('a file that is not there, or is none, is named', async t => {
  t.throws(() => readSecret('/nowhere/at/all', 'the key'), { kind: 'file', message: /ENOENT.*Correct the path/ })
  const place = t.testdir({})
  chmodSync(place, 0o700)
  t.throws(() => readSecret(place, 'the key'), { kind: 'file', message: /it is no file\. Correct the path/ })
  execFileSync('mkfifo', ['-m', '0600', `${place}/pipe`])
  t.throws(() => readSecret(`${place}/pipe`, 'the key'), { kind: 'file', message: /it is no file/ })
})
