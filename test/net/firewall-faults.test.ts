import t from 'tap'
import { container, fullConf, warmUp } from '../support/attachment.ts'
import { type Conf, must } from '../support/call.ts'
import { faultyPlugins } from '../support/faults.ts'
import { type Host, withHost } from '../support/host.ts'
import { killAtEachCall } from '../support/kill.ts'
import { attachedTo } from '../support/policy.ts'
import { settles } from '../support/state.ts'

const isolated = { isolation: 'isolated', hostAccess: 'dns' }
const confs: Readonly<Record<string, Conf>> = {
  bridge: { ...fullConf, ...isolated },
  firewall: { ...attachedTo('a'), ...isolated },
}

/** A host that drops what it has no rule for, so that iptables has a part in it. */
const dropping = (host: Host) => host.sh('iptables -P FORWARD DROP && ip6tables -P FORWARD DROP')

/** What an ADD can do without, or does in another way after a failure. */
const dispensable = /^(converse nft|finish add element|run ip6?tables|run nsenter \S+ tee|say neighbour add|end)\b/

for (const [name, conf] of Object.entries(confs)) {
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

const chained = confs.firewall as Conf
for (const kind of ['kill-before', 'kill-during', 'kill-after'] as const) {
  t.test(`DEL leaves nothing of an ADD of firewall that ended by ${kind} at whatever call`, t =>
    withHost(t, async host => {
      await dropping(host)
      await killAtEachCall(t, host, {
        operation: 'ADD',
        kind,
        conf: chained,
        cleanUp: (host, options) => must(host, 'DEL', chained, options),
      })
    }),
  )
}

t.test('DEL leaves nothing of an ADD of a bridge with a policy that was killed at whatever call', t =>
  withHost(t, async host => {
    await dropping(host)
    const conf = confs.bridge as Conf
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
