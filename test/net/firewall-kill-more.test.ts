import t from 'tap'
import { must } from '../support/call.ts'
import { dropping, guarded } from '../support/guarded.ts'
import { type Host, withHost } from '../support/host.ts'
import { killAtEachCall } from '../support/kill.ts'

const chained = guarded.firewall

t.test('DEL leaves nothing of an ADD of a bridge with a policy that was killed at whatever call', t =>
  withHost(t, async host => {
    await dropping(host)
    const conf = guarded.bridge
    const cleanUp = (host: Host, options: object) => must(host, 'DEL', conf, options)
    await killAtEachCall(t, host, { operation: 'ADD', kind: 'kill-during', conf, cleanUp })
  }),
)

t.test('GC leaves nothing of a DEL of firewall that was killed at whatever call', t =>
  withHost(t, async host => {
    await dropping(host)
    await killAtEachCall(t, host, {
      operation: 'DEL',
      kind: 'kill-during',
      conf: chained,
      cleanUp: host => must(host, 'GC', { ...chained, 'cni.dev/valid-attachments': [] }),
    })
  }),
)
