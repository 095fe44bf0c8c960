import t from 'tap'
import { container } from '../support/attachment.ts'
import { must } from '../support/call.ts'
import { failAtEachCall } from '../support/fail.ts'
import { withHost } from '../support/host.ts'
import { killAtEachCall } from '../support/kill.ts'
import { confOf } from '../support/publish-faults.ts'
import { respect } from '../support/vetting.ts'

/** What an ADD can do without: a second transaction, wishes, and connections that there are not. */
const dispensable = /^(converse nft|finish add element|run conntrack|end)\b/

for (const operation of ['ADD', 'DEL'] as const) {
  t.test(`DEL leaves nothing of ${operation} of guarded ports that was killed before whatever call of its host`, t =>
    withHost(t, host =>
      killAtEachCall(t, host, {
        operation,
        kind: 'kill-before',
        confOf: confOf('chained', respect),
        cleanUp: (host, options, conf) => must(host, 'DEL', conf, options),
      }),
    ),
  )
}

t.test('an ADD of guarded ports that fails at whatever call of its host leaves nothing and says why', t =>
  withHost(t, async host => {
    const options = await container(host)
    await failAtEachCall(t, host, await confOf('chained', respect)(host, options), options, dispensable)
  }),
)
