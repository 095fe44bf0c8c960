import t from 'tap'
import { container, fullConf, warmUp } from '../support/attachment.ts'
import { type CallOptions, type Conf, must } from '../support/call.ts'
import { faultyPlugins } from '../support/faults.ts'
import { type Host, withHost } from '../support/host.ts'
import { killAtEachCall, type Plan } from '../support/kill.ts'
import { chained, limits } from '../support/shaping.ts'
import { settles } from '../support/state.ts'

/** Both directions are led through links: nothing more can be made. */
const keys = { ...limits, unshapedSubnets: ['192.0.2.0/24', '2001:db8::/32'] }

const confs: Readonly<Record<string, (host: Host, options: CallOptions) => Promise<Conf>>> = {
  bandwidth: async (host, options) => chained({ ...keys, prevResult: await must(host, 'ADD', fullConf, options) }),
  'bridge with limits': async () => ({ ...fullConf, ...keys }),
}

const remove: Plan['cleanUp'] = (host, options, conf) => must(host, 'DEL', conf, options)
const collect: Plan['cleanUp'] = (host, _options, conf) =>
  must(host, 'GC', { ...conf, 'cni.dev/valid-attachments': [] })

const plans: readonly (readonly [string, Plan])[] = [
  ['DEL leaves nothing of an ADD that was killed before', { operation: 'ADD', kind: 'kill-before', cleanUp: remove }],
  ['GC leaves nothing of an ADD that was killed after', { operation: 'ADD', kind: 'kill-after', cleanUp: collect }],
  [
    'a second DEL leaves nothing of one that was killed before',
    { operation: 'DEL', kind: 'kill-before', cleanUp: remove },
  ],
]

/** An ADD can do without these: see fail-every-step.test.ts; a setting that is only a wish is one of them. */
const dispensable =
  /^(converse nft|finish add element|run nsenter \S+ tee|say neighbour add|poke \/proc\/sys\/net\/ipv6|end)\b/

for (const [name, confOf] of Object.entries(confs)) {
  for (const [what, plan] of plans) {
    t.test(`${name}: ${what} whatever call of its host`, t =>
      withHost(t, host => killAtEachCall(t, host, { ...plan, confOf })),
    )
  }

  t.test(`${name}: an ADD that fails at whatever call of its host leaves nothing and says why`, t =>
    withHost(t, async host => {
      const options = await container(host)
      const conf = await confOf(host, options)
      const before = await warmUp(host, options, conf)
      const plugins = faultyPlugins(t, host)
      const calls = await plugins.calls('ADD', conf, options)
      await must(host, 'DEL', conf, options)
      for (const [index, step] of calls.entries()) {
        const { code, error } = await plugins.call('ADD', conf, options, { kind: 'fail', at: index + 1 })
        if (code === 0) {
          t.match(step, dispensable, 'no failure is taken for success')
          await must(host, 'DEL', conf, options)
        } else t.match(error, { cniVersion: '1.1.0', code: Number, msg: /^Cannot / }, step)
        if (!(await settles(t, host, before, step))) await must(host, 'DEL', conf, options)
      }
    }),
  )
}
