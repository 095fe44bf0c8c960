/**
 * Pods that containerd starts and stops as the kubelet asks for them: on the network that `fairlead install` writes, which
 * is one plugin, and on the chain of plugins that does the same.
 */

import { containerd1 } from '../e2e/daemon.ts'
import type { Scope } from '../e2e/node.ts'
import { chain, type Pods, single, startPod, startPods } from '../e2e/pods.ts'
import { podCrowdRows } from './pod-crowd.ts'
import { median, type Row, ratio, type Setting } from './row.ts'
import { withScope } from './scope.ts'
import { inTurnOf } from './side.ts'

/** What of the usual chain does the same. */
const three = { ...chain, plugins: chain.plugins.slice(0, 3) }

const [warmUp, runs] = [2, 30]

/** Milliseconds that a pod takes to start and to stop. */
async function cycle(pods: Pods, name: string): Promise<number> {
  const { cri } = pods
  const begin = performance.now()
  const pod = await startPod(pods, { name, port: 18_080 })
  await cri.stopPod(pod)
  const ms = performance.now() - begin
  await cri.removePod(pod)
  return ms
}

/** Medians, the sides in turn. */
async function cycles(sides: readonly Pods[], runs: number): Promise<readonly number[]> {
  const times = sides.map((): number[] => [])
  for (let run = -warmUp; run < runs; run++) {
    for (const [index, side] of inTurnOf(sides, run)) {
      const ms = await cycle(side, `pod-${run + warmUp}`)
      if (run >= 0) times[index]?.push(ms)
    }
  }
  return times.map(median)
}

/** Ours by one plugin, ours by three, and the peer's three. */
async function start(scope: Scope, { ours, peer }: Setting): Promise<readonly Pods[]> {
  const contenders = [[single, ours], [three, ours], ...(peer ? ([[three, peer]] as const) : [])] as const
  const sides: Pods[] = []
  for (const [network, bin] of contenders) sides.push(await startPods(scope, containerd1, network, bin))
  return sides
}

/** Of the full form alone: it takes minutes. */
export async function podsRows(setting: Setting): Promise<Row[]> {
  const { short, peer, why } = setting
  if (short) return []
  return withScope(async scope => {
    const sides = await start(scope, setting)
    const [alone, together, theirs] = await cycles(sides, runs)
    const rowOf = (name: string, ours: number, starts: number): Row => {
      const what = `a pod of containerd, ${name}: start + stop`
      const value = ratio(ours, theirs)
      const note = peer ? `medians of ${runs}` : why
      const base = { what, engine: 'node', unit: 'ms', relative: true, noisy: true, note } as const
      return { ...base, ours, peer: theirs, value, bar: 1.3, starts }
    }
    return [
      // With loopback.
      rowOf("one plugin against Go's three", alone ?? Number.NaN, 4),
      rowOf('three against three', together ?? Number.NaN, 8),
      ...(await podCrowdRows(sides, setting)),
    ]
  })
}
