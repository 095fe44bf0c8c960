import t from 'tap'
import { collectAll } from '../support/attachment.ts'
import { must } from '../support/call.ts'
import { withHost } from '../support/host.ts'
import { killAtEachCall } from '../support/kill.ts'

t.test('GC leaves nothing of a DEL that was killed after whatever call of its host', t =>
  withHost(t, host =>
    killAtEachCall(t, host, {
      operation: 'DEL',
      kind: 'kill-after',
      cleanUp: host => must(host, 'GC', collectAll),
    }),
  ),
)
