import t from 'tap'
import { container, warmUp } from '../support/attachment.ts'
import { must } from '../support/call.ts'
import { faultyPlugins } from '../support/faults.ts'
import { withHost } from '../support/host.ts'
import { makers } from '../support/shaping.ts'
import { settles } from '../support/state.ts'

/** An ADD can do without these: see cases/bridge.ts; a setting that is only a wish is one of them. */
const dispensable =
  /^(converse nft|finish add element|run nsenter \S+ tee|say neighbour add|(read|poke) \/proc\/sys\/net\/ipv6|end)\b/

for (const [name, confOf] of Object.entries(makers)) {
  t.test(`${name}: an ADD that fails at whatever call of its host leaves nothing and says why`, t =>
    withHost(t, async host => {
      const options = await container(host)
      const conf = await confOf(host, options)
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
