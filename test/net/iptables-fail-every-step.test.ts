import t from 'tap'
import { iptablesConf as conf, container, warmUp } from '../support/attachment.ts'
import { must } from '../support/call.ts'
import { faultyPlugins } from '../support/faults.ts'
import { withHost } from '../support/host.ts'
import { settles } from '../support/state.ts'

/** A guess about the tables that does not hold is followed by a look, and another transaction. */
const dispensable =
  /^(converse nft|finish add element|run nsenter \S+ tee|run ip6?tables-restore|say neighbour add|end)\b/

t.test('an ADD with iptables that fails at whatever call of its host leaves nothing and says why', t =>
  withHost(t, async host => {
    const options = await container(host)
    const before = await warmUp(host, options, conf)
    const plugins = faultyPlugins(t, host)
    const calls = await plugins.calls('ADD', conf, options)
    t.equal(calls.filter(step => /tables-restore/.test(step)).length, 2, 'one process for each family')
    await must(host, 'DEL', conf, options)
    for (const at of calls.keys()) {
      const { code, error, step } = await plugins.struck('ADD', conf, options, { kind: 'fail', at: at + 1 })
      if (code === 0) {
        t.match(step, dispensable, 'no failure is taken for success')
        await must(host, 'DEL', conf, options)
      } else t.match(error, { cniVersion: '1.1.0', code: Number, msg: /^Cannot / }, step)
      if (!(await settles(t, host, before, step))) await must(host, 'DEL', conf, options)
    }
  }),
)
