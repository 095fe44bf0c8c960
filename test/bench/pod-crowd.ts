/** As many pods at once as a node gets when it comes back. */
import { cpus } from 'node:os'
import type { Pod } from '../e2e/cri.ts'
import { endPod, type Pods, startPod } from '../e2e/pods.ts'
import { median, type Row, ratio, type Setting } from './row.ts'
import { timeOf } from './scope.ts'

const count = 50
const rounds = 3
const what = `${count} pods of containerd at once`

interface Crowd {
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

/** The sides in turn. */
async function measure(sides: readonly Pods[]): Promise<readonly (readonly Crowd[])[]> {
  const found = sides.map((): Crowd[] => [])
  for (let round = 0; round < rounds; round++) {
    for (const [index, side] of sides.entries()) found[index]?.push(await come(side, round))
  }
  return found
}

const secondsOf = (crowds: readonly Crowd[]): number => median(crowds.map(({ ms }) => ms)) / 1_000
const failuresOf = (crowds: readonly Crowd[]): readonly string[] => crowds.flatMap(({ failures }) => failures)

/** Of three sides: ours by one plugin, ours by three, and the peer's three, where there is a peer. */
export async function podCrowdRows(sides: readonly Pods[], { why }: Setting): Promise<Row[]> {
  const [alone = [], together = [], theirs] = await measure(sides)
  const failures = failuresOf([...alone, ...together])
  const [first] = failures
  const peer = theirs && secondsOf(theirs)
  const wall = (name: string, crowds: readonly Crowd[], plugins: number): Row => {
    const ours = secondsOf(crowds)
    // As many plugins at once as there are processors.
    const starts = (count * plugins) / cpus().length
    const note = theirs ? `${rounds} in turn` : why
    const base = {
      engine: 'node' as const,
      unit: 's',
      ours,
      peer,
      value: ratio(ours, peer),
      bar: 1.3,
      relative: true,
      noisy: true,
      starts,
      note,
    }
    return { what: `${what}, ${name}: wall time`, ...base }
  }
  return [
    {
      what: `${what}: failures`,
      engine: 'node',
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
