import t from 'tap'
import { collecting } from '../support/attachment.ts'
import { must } from '../support/call.ts'
import { withHost } from '../support/host.ts'
import { killAtEachCall } from '../support/kill.ts'
import { ways } from '../support/publish.ts'
import { confOf } from '../support/publish-faults.ts'

for (const way of ways) {
  t.test(`GC leaves nothing of an ADD that was killed after whatever call of its host, ${way}`, t =>
    withHost(t, host =>
      killAtEachCall(t, host, {
        operation: 'ADD',
        kind: 'kill-after',
        confOf: confOf(way),
        cleanUp: (host, _options, conf) => must(host, 'GC', collecting(conf)),
      }),
    ),
  )
}
