import t from 'tap'
import { container, warmUp } from '../support/attachment.ts'
import { cyclesOr } from '../support/cycles.ts'
import { type Host, withHost } from '../support/host.ts'
import { publish, row, unpublish, type Way, ways } from '../support/publish.ts'
import { confOf } from '../support/publish-faults.ts'
import { settles, stateOf } from '../support/state.ts'

const cycles = cyclesOr(100)

for (const way of ways) {
  t.test(`${cycles} cycles of ADD and DEL leave the host as it was after the first, ${way}`, t =>
    withHost(t, async host => {
      const options = await container(host)
      const conf = await confOf(way)(host, options)
      const before = await warmUp(host, options, conf)
      for (let n = 0; n < cycles; n++) await warmUp(host, options, conf)
      await settles(t, host, before, 'links, addresses, routes, rules and files are identical')
    }),
  )

  t.test(`so do cycles in which the network namespace goes before DEL, ${way}`, t =>
    withHost(t, async host => {
      const cycle = async (host: Host, way: Way) => {
        const published = await publish(host, { way }, await host.sandbox('a'), row(8000, 3, 1))
        await host.sh('ip netns del a')
        await unpublish(host, published)
      }
      await cycle(host, way)
      const before = await stateOf(host)
      for (let n = 0; n < cycles / 4; n++) await cycle(host, way)
      await settles(t, host, before, 'links, addresses, routes, rules and files are identical')
    }),
  )
}
