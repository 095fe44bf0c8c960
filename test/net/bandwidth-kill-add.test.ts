import t from 'tap'
import { must } from '../support/call.ts'
import { withHost } from '../support/host.ts'
import { killAtEachCall, type Plan } from '../support/kill.ts'
import { makers } from '../support/shaping.ts'

const cleanUp: Plan['cleanUp'] = (host, options, conf) => must(host, 'DEL', conf, options)

for (const [name, confOf] of Object.entries(makers)) {
  t.test(`${name}: DEL leaves nothing of an ADD that was killed before whatever call of its host`, t =>
    withHost(t, host => killAtEachCall(t, host, { operation: 'ADD', kind: 'kill-before', confOf, cleanUp })),
  )
}
