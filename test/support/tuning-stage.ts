/** A sandbox on a stage of its own, and tuning that is disturbed at each of its calls. */
import type { Test } from 'tap'
import { must } from './call.ts'
import { changes, type Fault, type FaultyPlugins, faultyPlugins } from './faults.ts'
import { type Host, withHost } from './host.ts'
import { killed } from './kill.ts'
import { records, type Tuned, tuning, untuned } from './tuned.ts'

export interface Stage {
  readonly host: Host
  readonly container: Tuned
  readonly plugins: FaultyPlugins
  readonly before: Readonly<Record<string, string>>
}

/** A container that was tuned and untuned once, so that what is shared stands. */
export const staged = (t: Test, body: (stage: Stage) => Promise<void>) =>
  withHost(t, async host => {
    const container = await untuned(host)
    const plugins = faultyPlugins(t, host)
    await body({ host, container, plugins, before: await tuning(container.sandbox) })
  })

/** One more DEL, by which all has to be well. */
export const again = (host: Host, { conf, options }: Tuned) => must(host, 'DEL', conf(), options)

/** Asserts that the sandbox is as it was, and no record is left. */
export async function isClean(t: Test, { host, container, before }: Stage, step: string): Promise<void> {
  t.same([await tuning(container.sandbox), await records(host)], [before, []], step)
}

/** Asserts that a DEL makes up for an operation that was killed at each of its calls in turn. */
export async function killTuningAtEachCall(
  t: Test,
  stage: Stage,
  operation: 'ADD' | 'DEL',
  kind: Fault['kind'],
): Promise<void> {
  const { host, container, plugins } = stage
  const { conf, options } = container
  const prepare = async () => operation === 'DEL' && must(host, 'ADD', conf(), options)
  await prepare()
  const calls = await plugins.calls(operation, conf(), options)
  await again(host, container)
  for (const [index, step] of calls.entries()) {
    if (!changes(step)) continue
    await prepare()
    const { code, stdout } = await plugins.call(operation, conf(), options, { kind, at: index + 1 })
    t.same({ code, stdout }, killed, step)
    await again(host, container)
    await isClean(t, stage, step)
  }
}
