import t from 'tap'
import { fakeHost } from '../../../lib/host/fake.ts'
import { FileError } from '../../../lib/host/host.ts'
import { nodeHost } from '../../../lib/host/node.ts'
import { filesContract } from '../../support/host-contract.ts'

for (const [claim, check] of Object.entries(filesContract)) {
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
