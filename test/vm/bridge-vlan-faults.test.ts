import t from 'tap'
import { container } from '../support/attachment.ts'
import { failAtEachCall } from '../support/fail.ts'
import { withHost } from '../support/host.ts'
import { routed } from '../support/vlan.ts'

/** As for other networks: a second transaction follows the first, wishes stay wishes, nobody hears of the address. */
const dispensable = /^(converse nft|finish add element|run nsenter \S+ tee|say neighbour add|end)\b/

t.test('an ADD into a VLAN that fails at whatever call of its host leaves nothing and says why', t =>
  withHost(t, async host => failAtEachCall(t, host, routed(100), await container(host), dispensable)),
)
