import t from 'tap'
import { container, fullConf, warmUp } from '../support/attachment.ts'
import { must } from '../support/call.ts'
import { faultyPlugins } from '../support/faults.ts'
import { withHost } from '../support/host.ts'
import { settles } from '../support/state.ts'

/** What an ADD can do without: a second transaction follows the first, wishes stay wishes, nobody hears of the address. */
const dispensable = /^(converse nft|finish add element|run nsenter \S+ tee|say neighbour add|end)\b/

t.test('an ADD that fails at whatever call of its host leaves nothing and says why', t =>
  withHost(t, async host => {
    const options = await container(host)
    const before = await warmUp(host, options)
    const plugins = faultyPlugins(t, host)
    const calls = await plugins.calls('ADD', fullConf, options)
    await must(host, 'DEL', fullConf, options)
    const survived: string[] = []
    for (const [index, step] of calls.entries()) {
      const { code, error } = await plugins.call('ADD', fullConf, options, { kind: 'fail', at: index + 1 })
      if (code === 0) {
        survived.push(step)
        await must(host, 'DEL', fullConf, options)
      } else {
        t.equal(code, 1, step)
        t.match(error, { cniVersion: '1.1.0', code: Number, msg: /^Cannot / }, step)
      }
      if (!(await settles(t, host, before, step))) await must(host, 'DEL', fullConf, options)
    }
    t.same(
      survived.filter(step => !dispensable.test(step)),
      [],
      'no failure is taken for success',
    )
  }),
)
