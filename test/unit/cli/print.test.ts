import t from 'tap'
import { clusterOf } from '../../../lib/agent/overlay/cluster.ts'
import { nodeLines } from '../../../lib/cli/nodes.ts'
import { printLines, say } from '../../../lib/cli/print.ts'
import { fakeHost } from '../../../lib/host/fake.ts'

t.test('what others wrote stays in its line, and does nothing to a terminal', async t => {
  const host = fakeHost()
  await printLines(host, ['a\u001b[31mb\u0007', 'name\nforged: valid\r\t', 'c1 \u009b31m \u007f', 'äß “fine” 漢'])
  t.equal(
    host.printed.stdout,
    'a\\u001b[31mb\\u0007\nname\\u000aforged: valid\\u000d\\u0009\nc1 \\u009b31m \\u007f\näß “fine” 漢\n',
  )
  say(host, 'a complaint\nin two lines\u001b[2J')
  t.equal(host.printed.stderr, 'a complaint\nin two lines\\u001b[2J\n')
})

t.test('so do the names of nodes, which their hosts tell etcd', async t => {
  const value = JSON.stringify({ address: '10.0.0.1', name: 'evil\u001b[31m\nhost\t' })
  const cluster = clusterOf(new Map([['node/one', { value, modRevision: 1n, createRevision: 1n, lease: 0n }]]))
  t.same(nodeLines(cluster), ['one\tevil\\u001b[31m\\u000ahost\\u0009\t10.0.0.1\taway\t0 blocks'])
})
