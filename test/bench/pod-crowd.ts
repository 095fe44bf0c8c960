/** As many pods at once as a node gets when it comes back. */
import { cpus } from 'node:os'
import type { Pod } from '../e2e/cri.ts'
import { endPod, type Pods, startPod } from '../e2e/pods.ts'
import { median, type Row, ratio } from './row.ts'
import { timeOf } from './scope.ts'

const count = 50
const rounds = 3
const what = `${count} pods of containerd at once`

export interface Crowd {
  readonly ms: number
  readonly failures: readonly string[]
}

async function come(pods: Pods, round: number): Promise<Crowd> {
  const running: Pod[] = []
  const failures: string[] = []
  const one = (index: number) =>
    startPod(pods, { name: `crowd-${round}-${index}`, port: 20_000 + index }).then(
      pod => running.push(pod),
      error => failures.push(String(error)),
    )
  const ms = await timeOf(() => Promise.all(Array.from({ length: count }, (_, index) => one(index))))
  await Promise.all(running.map(pod => endPod(pods, pod)))
  return { ms, failures }
}

/** What becomes of the crowds of each side, the sides in turn. */
export async function crowdsOf(sides: readonly Pods[]): Promise<readonly (readonly Crowd[])[]> {
  const found = sides.map((): Crowd[] => [])
  for (let round = 0; round < rounds; round++) {
    for (const [index, side] of sides.entries()) found[index]?.push(await come(side, round))
  }
  return found
}

const secondsOf = (crowds: readonly Crowd[]): number => median(crowds.map(({ ms }) => ms)) / 1_000
const failuresOf = (crowds: readonly Crowd[]): readonly string[] => crowds.flatMap(({ failures }) => failures)

/** Ours by one plugin, ours by three, and the peer's three, where there is a peer; else why there is none. */
export function podCrowdRows(
  alone: readonly Crowd[],
  together: readonly Crowd[],
  theirs: readonly Crowd[] | undefined,
  why: string,
): readonly Row[] {
  const failures = failuresOf([...alone, ...together])
  const [first] = failures
  const peer = theirs && secondsOf(theirs)
  const wall = (name: string, crowds: readonly Crowd[], plugins: number): Row => {
    const ours = secondsOf(crowds)
    const value = ratio(ours, peer)
    // As many plugins at once as there are processors.
    const starts = (count * plugins) / cpus().length
    const note = theirs ? `${rounds} in turn` : why
    const base = { unit: 's', ours, peer, value, bar: 1.3, relative: true, noisy: true, starts, note }
    return { what: `${what}, ${name}: wall time`, ...base }
  }
  return [
    {
      what: `${what}: failures`,
      unit: '',
      ours: failures.length,
      peer: theirs && failuresOf(theirs).length,
      value: failures.length,
      bar: 0,
      exact: true,
      ...(first === undefined ? {} : { note: first }),
    },
    wall("one plugin against Go's three", alone, 2),
    wall('three against three', together, 4),
  ]
}
