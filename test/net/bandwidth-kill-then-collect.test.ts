import t from 'tap'
import { must } from '../support/call.ts'
import { withHost } from '../support/host.ts'
import { killAtEachCall, type Plan } from '../support/kill.ts'
import { makers } from '../support/shaping.ts'

const cleanUp: Plan['cleanUp'] = (host, _options, conf) =>
  must(host, 'GC', { ...conf, 'cni.dev/valid-attachments': [] })

for (const [name, confOf] of Object.entries(makers)) {
  t.test(`${name}: GC leaves nothing of an ADD that was killed after whatever call of its host`, t =>
    withHost(t, host => killAtEachCall(t, host, { operation: 'ADD', kind: 'kill-after', confOf, cleanUp })),
  )
}
