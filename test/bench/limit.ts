/** How near ADD comes to what is possible: the kernel's tools, started by a shell script. */
import { byPlugin, byShell } from './place.ts'
import { median, type Row, type Setting } from './row.ts'
import { addNetns, bridgeAlone, dropNetns, inTurnOf, withSides } from './side.ts'

const warmUp = 2

/** Of the native build: to start Node.js takes longer than the script in all. */
export async function limitRows({ short, builds }: Setting): Promise<Row[]> {
  const runs = short ? 15 : 50
  const native = builds.find(({ engine }) => engine === 'native')
  if (!native) return []
  const places = [byPlugin, byShell]
  const times = places.map((): number[] => [])
  await withSides(
    places.map(() => bridgeAlone(native.bin)),
    async sides => {
      const hosts = sides.map((side, index) => ({ side, place: (places[index] ?? byPlugin)(side) }))
      for (const { place } of hosts) await place.fill(1)
      for (let run = -warmUp; run < runs; run++) {
        for (const [index, { side, place }] of inTurnOf(hosts, run)) {
          const id = `b${run + warmUp}`
          await addNetns(side, id)
          const ms = await place.once(id, run + warmUp + 1)
          await dropNetns(side, id)
          if (run >= 0) times[index]?.push(ms)
        }
      }
    },
  )
  const [mine = Number.NaN, script = Number.NaN] = times.map(median)
  return [
    {
      what: 'bridge + host-local + ipMasq against a shell script of the same three batches: ADD',
      engine: 'native',
      unit: 'ms',
      ours: mine,
      peer: script,
      value: mine / script,
      bar: 1.4,
      relative: true,
      noisy: true,
      open: true,
      note: `medians of ${runs} in turn`,
    },
  ]
}
