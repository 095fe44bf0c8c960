import t from 'tap'
import { ringOf } from '../../../../lib/agent/etcd/ring.ts'

t.test('members take turns from a random start', async t => {
  const ring = ringOf(['a', 'b', 'c'], () => 0.5)
  t.equal(ring.current, 'b')
  for (const next of ['c', 'a', 'b']) {
    ring.leave(ring.current)
    t.equal(ring.current, next)
  }
  t.equal(ringOf(['a', 'b', 'c'], () => 0.999).current, 'c')
})

t.test('two that leave the same member go on by one', async t => {
  const ring = ringOf(['a', 'b', 'c'], () => 0)
  ring.leave('a')
  ring.leave('a')
  t.equal(ring.current, 'b')
})

t.test('a member that is alone keeps its turn', async t => {
  const ring = ringOf(['a'])
  ring.leave('a')
  t.equal(ring.current, 'a')
})
