/** ADD and DEL of bridge + host-local + ipMasq against the peer, in turn. */
import { median, type Row, ratio, type Setting } from './row.ts'
import { addNetns, dropNetns, type Side, withSides } from './side.ts'

interface Times {
  readonly add: number[]
  readonly del: number[]
}

const warmUp = 2

async function once(side: Side, id: string): Promise<readonly [number, number]> {
  await addNetns(side, id)
  const { ms, result } = await side.add(id)
  const del = await side.del(id, result)
  await dropNetns(side, id)
  return [ms, del]
}

async function measure(sides: readonly Side[], runs: number): Promise<readonly Times[]> {
  const times = sides.map((): Times => ({ add: [], del: [] }))
  for (let run = -warmUp; run < runs; run++) {
    const turns = [...sides.entries()]
    for (const [index, side] of run % 2 === 0 ? turns : turns.toReversed()) {
      const [add, del] = await once(side, `b${run + warmUp}`)
      if (run < 0) continue
      times[index]?.add.push(add)
      times[index]?.del.push(del)
    }
  }
  return times
}

export async function attachRows({ short, ours, peer, why }: Setting): Promise<Row[]> {
  const runs = short ? 15 : 50
  const [own, other] = await withSides(peer ? [ours, peer] : [ours], sides => measure(sides, runs))
  const figures = (times: Times | undefined) => {
    const [add, del] = [median(times?.add ?? []), median(times?.del ?? [])]
    return times ? { ADD: add, DEL: del, 'ADD + DEL': add + del } : undefined
  }
  const [mine, theirs] = [figures(own), figures(other)]
  if (!mine) throw new Error('nothing was measured')
  const bars = { ADD: 1.8, DEL: 0.6, 'ADD + DEL': 0.8 } as const
  return (['ADD', 'DEL', 'ADD + DEL'] as const).map(name => ({
    what: `bridge + host-local + ipMasq: ${name}`,
    unit: 'ms',
    ours: mine[name],
    peer: theirs?.[name],
    value: ratio(mine[name], theirs?.[name]),
    bar: bars[name],
    relative: true,
    noisy: true,
    note: peer ? `medians of ${runs}` : why,
  }))
}
