import t from 'tap'
import { container, fullConf } from '../support/attachment.ts'
import { failAtEachCall } from '../support/fail.ts'
import { withHost } from '../support/host.ts'

/** What an ADD can do without: a second transaction follows the first, wishes stay wishes, nobody hears of the address. */
const dispensable = /^(converse nft|finish add element|run nsenter \S+ tee|say neighbour add|end)\b/

t.test('an ADD that fails at whatever call of its host leaves nothing and says why', t =>
  withHost(t, async host => failAtEachCall(t, host, fullConf, await container(host), dispensable)),
)
