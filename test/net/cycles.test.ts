import t from 'tap'
import { container, fullConf, warmUp } from '../support/attachment.ts'
import { must } from '../support/call.ts'
import { withHost } from '../support/host.ts'
import { settles } from '../support/state.ts'

const cycles = 60

t.test(`${cycles} cycles of ADD and DEL leave the host as it was after the first`, t =>
  withHost(t, async host => {
    const options = await container(host)
    const before = await warmUp(host, options)
    for (let n = 0; n < cycles; n++) await warmUp(host, options)
    await settles(t, host, before, 'links, addresses, routes, rules and files are identical')
  }),
)

t.test('so do cycles in which the network namespace goes before DEL', t =>
  withHost(t, async host => {
    const options = await container(host)
    const before = await warmUp(host, options)
    for (let n = 0; n < cycles / 4; n++) {
      await must(host, 'ADD', fullConf, options)
      await host.sh('ip netns del a')
      await must(host, 'DEL', fullConf, options)
      await host.sandbox('a')
    }
    await settles(t, host, before, 'links, addresses, routes, rules and files are identical')
  }),
)
