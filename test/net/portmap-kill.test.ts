import t from 'tap'
import { must } from '../support/call.ts'
import { withHost } from '../support/host.ts'
import { killAtEachCall } from '../support/kill.ts'
import { ways } from '../support/publish.ts'
import { confOf } from '../support/publish-faults.ts'

for (const way of ways) {
  t.test(`DEL leaves nothing of an ADD that was killed before whatever call of its host, ${way}`, t =>
    withHost(t, host =>
      killAtEachCall(t, host, {
        operation: 'ADD',
        kind: 'kill-before',
        confOf: confOf(way),
        cleanUp: (host, options, conf) => must(host, 'DEL', conf, options),
      }),
    ),
  )
}
