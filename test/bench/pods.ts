/**
 * Pods that containerd starts and stops as the kubelet asks for them: on the network that `fairlead install` writes, which
 * is one plugin, and on the chain of plugins that does the same.
 */

import { containerd1 } from '../e2e/daemon.ts'
import type { Scope } from '../e2e/node.ts'
import { chain, type Pods, single, startPod, startPods } from '../e2e/pods.ts'
import { rowsOfEach } from './builds.ts'
import { crowdsOf, podCrowdRows } from './pod-crowd.ts'
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

/** Ours by one plugin and by three, of each build, and the peer's three. */
async function start(scope: Scope, { builds, peer }: Setting): Promise<readonly Pods[]> {
  const ours = builds.flatMap(({ bin }) => [[single, bin] as const, [three, bin] as const])
  const sides: Pods[] = []
  for (const [network, bin] of [...ours, ...(peer === undefined ? [] : [[three, peer] as const])])
    sides.push(await startPods(scope, containerd1, network, bin))
  return sides
}

/** What was found of the sides, in their order: of each build by one plugin and by three, and of the peer by three. */
const inPairs = <T>(found: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(found.length / 2) }, (_, pair) => found.slice(2 * pair, 2 * pair + 2))

/** Of the full form alone: it takes minutes. */
export async function podsRows(setting: Setting): Promise<Row[]> {
  const { short, peer, why } = setting
  if (short) return []
  return withScope(async scope => {
    const sides = await start(scope, setting)
    const rowOf = (name: string, ours: number, theirs: number | undefined, starts: number): Row => {
      const what = `a pod of containerd, ${name}: start + stop`
      const value = ratio(ours, theirs)
      const note = peer ? `medians of ${runs}` : why
      return { what, unit: 'ms', ours, peer: theirs, value, bar: 1.3, relative: true, noisy: true, starts, note }
    }
    const pods = rowsOfEach(setting, inPairs(await cycles(sides, runs)), ([alone, together], theirs) => [
      // With loopback.
      rowOf("one plugin against Go's three", alone ?? Number.NaN, theirs?.[0], 4),
      rowOf('three against three', together ?? Number.NaN, theirs?.[0], 8),
    ])
    const crowds = rowsOfEach(setting, inPairs(await crowdsOf(sides)), ([alone, together], theirs) =>
      podCrowdRows(alone ?? [], together ?? [], theirs?.[0], why),
    )
    return [...pods, ...crowds]
  })
}
