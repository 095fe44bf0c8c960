import t from 'tap'
import { isActivated } from '../../../../lib/agent/dhcp/listen.ts'

t.test('one socket that is meant for us is taken over', async t => {
  t.equal(isActivated({}, 5), false)
  t.equal(isActivated({ LISTEN_PID: '4', LISTEN_FDS: '1' }, 5), false, "another process's")
  t.equal(isActivated({ LISTEN_PID: '5', LISTEN_FDS: '1' }, 5), true)
  for (const LISTEN_FDS of ['0', '2']) {
    t.throws(() => isActivated({ LISTEN_PID: '5', LISTEN_FDS }, 5), { message: /Name one ListenStream/ })
  }
})
