import t from 'tap'
import { container } from '../support/attachment.ts'
import { failAtEachCall } from '../support/fail.ts'
import { withHost } from '../support/host.ts'
import { ways } from '../support/publish.ts'
import { confOf } from '../support/publish-faults.ts'

/** What an ADD can do without: a second transaction, wishes, announcements, and connections that there are not. */
const dispensable = /^(converse nft|finish add element|run nsenter \S+ tee|run conntrack|say neighbour add|end)\b/

for (const way of ways) {
  t.test(`an ADD that fails at whatever call of its host leaves nothing and says why, ${way}`, t =>
    withHost(t, async host => {
      const options = await container(host)
      await failAtEachCall(t, host, await confOf(way)(host, options), options, dispensable)
    }),
  )
}
