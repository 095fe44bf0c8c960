/** VERSION of the packed executable against its base doing nothing. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { median, type Row, ratio, type Setting } from './row.ts'
import { bridgeAlone, withSides } from './side.ts'

const base = resolve(import.meta.dirname, `../../node_modules/node-linux-${process.arch}/bin/node`)
const warmUp = 2

const asking = (bin: string): string =>
  `CNI_COMMAND=VERSION CNI_NETNS=dummy CNI_IFNAME=dummy CNI_PATH=dummy ${bin}/bridge </dev/null >/dev/null`

/** A start of ours takes as long as this many of the peer's, where the bars were set. */
const usual = 6

/** Milliseconds that starting one of our plugins takes longer than is usual, beside the peer's; 0 without a peer. */
export async function excessOf(ours: string, peer: string | undefined): Promise<number> {
  if (peer === undefined) return 0
  const times: [number[], number[]] = [[], []]
  await withSides([bridgeAlone(ours)], async ([side]) => {
    for (let run = 0; side && run < 12; run++) {
      times[0].push(await side.watch.time(asking(ours)))
      times[1].push(await side.watch.time(asking(peer)))
    }
  })
  return Math.max(0, median(times[0]) - usual * median(times[1]))
}

export async function versionRows({ short, ours }: Setting): Promise<Row[]> {
  const runs = short ? 20 : 60
  const task = asking(ours)
  const times: [number[], number[]] = [[], []]
  await withSides([bridgeAlone(ours)], async ([side]) => {
    for (let run = -warmUp; side && run < runs; run++) {
      const own = await side.watch.time(task)
      const other = existsSync(base) ? await side.watch.time(`${base} -e 0`) : undefined
      if (run < 0) continue
      times[0].push(own)
      if (other !== undefined) times[1].push(other)
    }
  })
  const [mine, theirs] = [median(times[0]), times[1].length > 0 ? median(times[1]) : undefined]
  return [
    {
      what: 'VERSION, against `node -e 0` of its base',
      unit: 'ms',
      ours: mine,
      peer: theirs,
      value: ratio(mine, theirs),
      bar: 1.5,
      relative: true,
      noisy: true,
      note: theirs === undefined ? `no ${base}` : `medians of ${runs}`,
    },
  ]
}
