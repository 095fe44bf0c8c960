import t from 'tap'
import { must } from '../support/call.ts'
import { dropping, guarded } from '../support/guarded.ts'
import { withHost } from '../support/host.ts'
import { killAtEachCall } from '../support/kill.ts'

const chained = guarded.firewall
for (const kind of ['kill-before', 'kill-during', 'kill-after'] as const) {
  t.test(`DEL leaves nothing of an ADD of firewall that ended by ${kind} at whatever call`, t =>
    withHost(t, async host => {
      await dropping(host)
      await killAtEachCall(t, host, {
        operation: 'ADD',
        kind,
        conf: chained,
        cleanUp: (host, options) => must(host, 'DEL', chained, options),
      })
    }),
  )
}
