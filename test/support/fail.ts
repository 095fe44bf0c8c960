/** ADDs that fail at each of their calls in turn, and what is left then. */
import type { Test } from 'tap'
import { warmUp } from './attachment.ts'
import { type CallOptions, type Conf, must } from './call.ts'
import { faultyPlugins } from './faults.ts'
import type { Host } from './host.ts'
import { sample } from './slowness.ts'
import { settles } from './state.ts'

/** Asserts that an ADD leaves nothing and says why at whatever call it fails, but for those that it can do without. */
export async function failAtEachCall(
  t: Test,
  host: Host,
  conf: Conf,
  options: CallOptions,
  dispensable: RegExp,
): Promise<void> {
  const before = await warmUp(host, options, conf)
  const plugins = faultyPlugins(t, host)
  const calls = await plugins.calls('ADD', conf, options)
  await must(host, 'DEL', conf, options)
  const survived: string[] = []
  for (const [index, step] of sample([...calls.entries()])) {
    const { code, error } = await plugins.call('ADD', conf, options, { kind: 'fail', at: index + 1 })
    if (code === 0) {
      survived.push(plugins.called()[index] ?? step)
      await must(host, 'DEL', conf, options)
    } else {
      t.equal(code, 1, step)
      t.match(error, { cniVersion: '1.1.0', code: Number, msg: /^Cannot / }, step)
    }
    if (!(await settles(t, host, before, step))) await must(host, 'DEL', conf, options)
  }
  t.same(
    survived.filter(step => !dispensable.test(step)),
    [],
    'no failure is taken for success',
  )
}
