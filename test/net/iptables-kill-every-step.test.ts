import t from 'tap'
import { iptablesConf as conf } from '../support/attachment.ts'
import { must } from '../support/call.ts'
import { withHost } from '../support/host.ts'
import { killAtEachCall } from '../support/kill.ts'

for (const kind of ['kill-before', 'kill-during'] as const) {
  t.test(`DEL leaves nothing of an ADD with iptables that ended by ${kind} at whatever call`, t =>
    withHost(t, host =>
      killAtEachCall(t, host, {
        operation: 'ADD',
        kind,
        conf,
        cleanUp: (host, options) => must(host, 'DEL', conf, options),
      }),
    ),
  )
}
