import t, { type Test } from 'tap'
import { fakeHost } from '../../../lib/host/fake.ts'
import { FileError, type Files } from '../../../lib/host/host.ts'
import { nodeHost } from '../../../lib/host/node.ts'

/** What every adapter promises of files, below an empty directory; one claim each. */
const contract: Readonly<Record<string, (t: Test, files: Files, at: string) => Promise<void>>> = {
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
    await files.replace(`${at}/a/b`, '2')
    t.not((await files.stat(`${at}/a/b`))?.inode, first?.inode)
    t.equal(await files.read(`${at}/a/b`), '2')
    t.same(await files.list(`${at}/a`), ['b'], 'nothing else is left there')
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

for (const [claim, check] of Object.entries(contract)) {
  t.test(`on Node.js ${claim}`, t => check(t, nodeHost().files, t.testdir()))
  t.test(`in memory ${claim}`, t => check(t, fakeHost().files, '/tmp/at'))
}

t.test('in memory a link is followed, and shown by readlink alone', async t => {
  const { files } = fakeHost({
    files: {
      '/run/netns/a': 'x',
      '/var/run': { kind: 'link', text: '../run' },
      '/loop': { kind: 'link', text: 'loop' },
    },
  })
  t.equal(await files.read('/var/run/netns/a'), 'x')
  t.equal(await files.readlink('/var/run'), '../run')
  t.equal(await files.readlink('/run'), undefined)
  await t.rejects(files.stat('/loop'), FileError)
})

t.test('in memory what a test broke fails with its fault', async t => {
  const { files } = fakeHost({ files: { '/state/a': 'x' } })
  files.breakAt('/state', 'read-only')
  await t.rejects(files.read('/state/a'), { name: 'FileError', fault: 'read-only' })
  await t.rejects(files.create('/state/b', ''), { name: 'FileError', fault: 'read-only' })
  await t.rejects(files.remove('/state/a'), { name: 'FileError', fault: 'read-only' })
  await t.rejects(files.list('/state'), { name: 'FileError', fault: 'read-only' })
})
