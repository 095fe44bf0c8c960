import t from 'tap'
import { fullConf } from '../support/attachment.ts'
import { must } from '../support/call.ts'
import { withHost } from '../support/host.ts'
import { killAtEachCall } from '../support/kill.ts'

t.test('DEL leaves nothing of an ADD that was killed before whatever call of its host', t =>
  withHost(t, host =>
    killAtEachCall(t, host, {
      operation: 'ADD',
      kind: 'kill-before',
      cleanUp: (host, options) => must(host, 'DEL', fullConf, options),
    }),
  ),
)
