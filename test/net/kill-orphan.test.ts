import t, { type Test } from 'tap'
import { collectAll, container, fullConf, warmUp } from '../support/attachment.ts'
import { type CallOptions, must } from '../support/call.ts'
import { faultyPlugins } from '../support/faults.ts'
import { type Host, startHost } from '../support/host.ts'
import { killed } from '../support/kill.ts'
import { settles, stays } from '../support/state.ts'

/** How long a child that nobody ends goes on, in milliseconds: a second of sleep, and its work. */
const afterlife = 1_500

interface Row {
  readonly operation: 'DEL' | 'GC'
  readonly cleanUp: (host: Host, options: CallOptions) => Promise<unknown>
}

const rows: readonly Row[] = [
  { operation: 'DEL', cleanUp: (host, options) => must(host, 'DEL', fullConf, options) },
  { operation: 'GC', cleanUp: host => must(host, 'GC', collectAll) },
]

/** Numbers of the calls of an ADD that give a child process something to do. */
async function childCalls(t: Test): Promise<readonly number[]> {
  const host = await startHost()
  t.teardown(() => host.stop())
  const options = await container(host)
  await warmUp(host, options)
  const calls = await faultyPlugins(t, host).calls('ADD', fullConf, options)
  return calls.flatMap((step, index) => (/^(run|say|finish) /.test(step) ? [index + 1] : []))
}

/** Kills one ADD while its child sleeps, on a host of its own. */
async function killWhileChildSleeps(t: Test, at: number, { cleanUp }: Row): Promise<void> {
  const host = await startHost()
  t.teardown(() => host.stop())
  const options = await container(host)
  const before = await warmUp(host, options)
  const fault = { kind: 'kill-during', at, slow: true } as const
  const { code, stdout } = await faultyPlugins(t, host).call('ADD', fullConf, options, fault)
  const end = Date.now() + afterlife
  t.same({ code, stdout }, killed, `killed at call ${at}`)
  await cleanUp(host, options)
  await settles(t, host, before, `nothing is left at once of call ${at}`)
  await stays(t, host, before, end, `nothing comes later of call ${at}`)
}

// Each waits for sleepers most of its time.
t.jobs = rows.length
for (const row of rows) {
  t.test(`${row.operation} leaves nothing of a killed ADD whose child goes on for another second`, async t => {
    const calls = await childCalls(t)
    t.ok(calls.length >= 5, 'an ADD has child processes')
    await Promise.all(calls.map(at => killWhileChildSleeps(t, at, row)))
  })
}
