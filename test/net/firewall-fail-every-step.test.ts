import t from 'tap'
import { container, warmUp } from '../support/attachment.ts'
import { must } from '../support/call.ts'
import { faultyPlugins } from '../support/faults.ts'
import { dropping, guarded } from '../support/guarded.ts'
import { withHost } from '../support/host.ts'
import { settles } from '../support/state.ts'

/** What an ADD can do without, or does in another way after a failure. */
const dispensable = /^(converse nft|finish add element|run ip6?tables|run nsenter \S+ tee|say neighbour add|end)\b/

for (const [name, conf] of Object.entries(guarded)) {
  t.test(`an ADD of ${name} with a policy that fails at whatever call leaves nothing and says why`, t =>
    withHost(t, async host => {
      await dropping(host)
      const options = await container(host)
      const before = await warmUp(host, options, conf)
      const plugins = faultyPlugins(t, host)
      const calls = await plugins.calls('ADD', conf, options)
      await must(host, 'DEL', conf, options)
      for (const index of calls.keys()) {
        const { code, error, step } = await plugins.struck('ADD', conf, options, { kind: 'fail', at: index + 1 })
        if (code === 0) {
          t.match(step, dispensable, 'no failure is taken for success')
          await must(host, 'DEL', conf, options)
        } else t.match(error, { cniVersion: '1.1.0', code: Number, msg: /^Cannot / }, step)
        if (!(await settles(t, host, before, step))) await must(host, 'DEL', conf, options)
      }
    }),
  )
}
