/** Operations that are killed at each of their calls that change something in turn, and what is left when somebody has cleaned up. */
import type { Test } from 'tap'
import { container, fullConf, warmUp } from './attachment.ts'
import { type CallOptions, type Conf, must } from './call.ts'
import { changes, type Fault, faultyPlugins } from './faults.ts'
import type { Host } from './host.ts'
import { sample } from './slowness.ts'
import { settles, stateOf } from './state.ts'

/** How a process that ended by a signal looks: no status, and no answer. */
export const killed = { code: 128, stdout: '' }

export interface Plan {
  readonly operation: 'ADD' | 'DEL'
  readonly kind: Fault['kind']
  /** Of the network; `fullConf` unless another is given. */
  readonly conf?: Conf
  /** Of the container; absent: a new one, in a sandbox of its own. */
  readonly options?: CallOptions
  /** Prepares the host, and gives the configuration of the plugin that is killed; absent: a full one of bridge. */
  confOf?(host: Host, options: CallOptions): Promise<Conf>
  /** Takes away what the killed operation left. */
  cleanUp(host: Host, options: CallOptions, conf: Conf): Promise<unknown>
}

/** Asserts that nothing is left after each kill and its clean-up. */
export async function killAtEachCall(t: Test, host: Host, plan: Plan): Promise<void> {
  const { operation, kind, cleanUp, confOf } = plan
  const options = plan.options ?? (await container(host))
  const conf = (await confOf?.(host, options)) ?? plan.conf ?? fullConf
  let before = await warmUp(host, options, conf)
  const plugins = faultyPlugins(t, host)
  const prepare = async () => operation === 'DEL' && must(host, 'ADD', conf, options)
  await prepare()
  const calls = await plugins.calls(operation, conf, options)
  await must(host, 'DEL', conf, options)
  for (const [index, step] of sample([...calls.entries()].filter(([, step]) => changes(step)))) {
    await prepare()
    const { code, stdout } = await plugins.call(operation, conf, options, { kind, at: index + 1 })
    t.same({ code, stdout }, killed, `${kind}: ${step}`)
    await cleanUp(host, options, conf)
    // One leftover is told once.
    if (!(await settles(t, host, before, `left after ${kind}: ${step}`))) before = await stateOf(host)
  }
}
