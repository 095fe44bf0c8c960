import t from 'tap'
import { backoff } from '../../../../lib/agent/etcd/backoff.ts'

t.test('pauses double from 50 ms to 2 s, and begin anew after a success', async t => {
  const pause = backoff(() => 0)
  const first = Array.from({ length: 8 }, () => pause.next())
  t.same(first, [50, 100, 200, 400, 800, 1_600, 2_000, 2_000])
  pause.reset()
  t.equal(pause.next(), 50)
})

t.test('half of a pause is chance', async t => {
  t.equal(backoff(() => 1).next(), 25)
})
