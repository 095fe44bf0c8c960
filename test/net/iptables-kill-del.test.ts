import t from 'tap'
import { collectAll, iptablesConf as conf } from '../support/attachment.ts'
import { must } from '../support/call.ts'
import { withHost } from '../support/host.ts'
import { killAtEachCall } from '../support/kill.ts'

t.test('GC leaves nothing of a DEL with iptables that was killed at whatever call', t =>
  withHost(t, host =>
    killAtEachCall(t, host, {
      operation: 'DEL',
      kind: 'kill-during',
      conf,
      cleanUp: host => must(host, 'GC', { ...collectAll, ipMasqBackend: 'iptables' }),
    }),
  ),
)
