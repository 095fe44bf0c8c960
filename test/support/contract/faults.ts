/**
 * The expensive half of the contract, each part for a file of its own: cycles, and operations that fail or are killed at
 * each of their calls. See ../contract.ts.
 */
import type { Test } from 'tap'
import { collecting } from '../attachment.ts'
import { type Conf, must } from '../call.ts'
import { cyclesOr } from '../cycles.ts'
import { failAtEachCall } from '../fail.ts'
import type { Fault } from '../faults.ts'
import { bin } from '../host.ts'
import { killAtEachCall, type Plan } from '../kill.ts'
import { settles } from '../state.ts'
import { type Case, type Stage, staged } from './stage.ts'

/** Milliseconds that so many cycles may take together. */
const patience = (cycles: number): number => Math.max(280_000, cycles * 2_000)

/** One loop of the shell's: a process for each call costs more than the plugin does. */
const loop = ({ options }: Stage, conf: Conf, cycles: number) => `
export CNI_CONTAINERID=${options.containerId} CNI_IFNAME=eth0 CNI_NETNS=/run/netns/a CNI_PATH=${bin}
cat >/run/conf <<'end'
${JSON.stringify(conf)}
end
for n in $(seq ${cycles}); do
  CNI_COMMAND=ADD ${bin}/${conf.type} </run/conf >/run/answer || { cat /run/answer >&2; exit 1; }
  CNI_COMMAND=DEL ${bin}/${conf.type} </run/conf >/run/answer || { cat /run/answer >&2; exit 1; }
done`

/** ADD and DEL so many times, and then some in which the network namespace goes before DEL. */
export async function cycles(t: Test, stage: Stage, count: number): Promise<void> {
  const { code, stderr } = await stage.host.exec(['sh', '-c', loop(stage, await stage.precede(), count)], {
    deadline: patience(count),
  })
  t.equal(code, 0, stderr)
  await stage.leave()
  for (let n = 0; n < count / 10; n++) {
    const standing = await stage.attach()
    await stage.host.sh('ip netns del a')
    await standing.del()
    await stage.leave()
    await stage.renew()
  }
  await settles(t, stage.host, stage.empty, 'links, addresses, routes, rules, qdiscs and files are identical')
}

/** Registers that. */
export function cyclesContract(t: Test, each: Case, count = cyclesOr(40)): void {
  t.test(`${count} cycles of ${each.name} leave the host as it was after the first`, t =>
    staged(t, each, stage => cycles(t, stage, count)),
  )
}

/** ADDs that fail at each of their calls in turn. */
export async function fails(t: Test, { host, each, options, attach }: Stage): Promise<void> {
  const { conf, del } = await attach()
  await del()
  await failAtEachCall(t, host, conf, options, each.dispensable)
}

/** Registers that. */
export function failContract(t: Test, each: Case): void {
  t.test(`an ADD of ${each.name} that fails at whatever call of its host leaves nothing and says why`, t =>
    staged(t, each, stage => fails(t, stage)),
  )
}

const cleanUps: Readonly<Record<'DEL' | 'GC', Plan['cleanUp']>> = {
  DEL: (host, options, conf) => must(host, 'DEL', conf, options),
  GC: (host, _, conf) => must(host, 'GC', collecting(conf), { containerId: '', ifName: '', netns: '' }),
}

/** How an operation is killed, and what cleans up then. */
export interface Killing {
  readonly operation: Plan['operation']
  readonly kind: Exclude<Fault['kind'], 'count' | 'fail'>
  readonly cleanUp: keyof typeof cleanUps
}

/** Those that tell most: children go on after the one, and the other leaves all of it to somebody who knows only the network. */
export const usualKillings: readonly [Killing, ...Killing[]] = [
  { operation: 'ADD', kind: 'kill-during', cleanUp: 'DEL' },
  { operation: 'DEL', kind: 'kill-before', cleanUp: 'GC' },
]

/** Operations that are killed at each of their calls in turn. */
export async function dies(t: Test, { host, options, attach }: Stage, { cleanUp, ...how }: Killing): Promise<void> {
  const { conf, del } = await attach()
  await del()
  await killAtEachCall(t, host, { ...how, conf, options, cleanUp: cleanUps[cleanUp] })
}

/** Registers that. */
export function killContract(t: Test, each: Case, ways = usualKillings): void {
  for (const how of ways) {
    const { operation, kind, cleanUp } = how
    t.test(`${cleanUp} leaves nothing of ${operation} of ${each.name} that ends by ${kind} at whatever call`, t =>
      staged(t, each, stage => dies(t, stage, how)),
    )
  }
}
