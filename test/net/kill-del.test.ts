import t from 'tap'
import { fullConf } from '../support/attachment.ts'
import { must } from '../support/call.ts'
import { withHost } from '../support/host.ts'
import { killAtEachCall } from '../support/kill.ts'

t.test('a second DEL leaves nothing of one that was killed before whatever call of its host', t =>
  withHost(t, host =>
    killAtEachCall(t, host, {
      operation: 'DEL',
      kind: 'kill-before',
      cleanUp: (host, options) => must(host, 'DEL', fullConf, options),
    }),
  ),
)
