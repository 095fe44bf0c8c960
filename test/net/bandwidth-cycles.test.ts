import t from 'tap'
import { container, fullConf, warmUp } from '../support/attachment.ts'
import { must } from '../support/call.ts'
import { cyclesOr } from '../support/cycles.ts'
import { withHost } from '../support/host.ts'
import { chained, limits } from '../support/shaping.ts'
import { settles, stateOf } from '../support/state.ts'

const cycles = cyclesOr(50)

t.test(`${cycles} cycles of bandwidth leave links and qdiscs as they were`, t =>
  withHost(t, async host => {
    const options = await container(host)
    const prevResult = await must(host, 'ADD', fullConf, options)
    const before = await stateOf(host)
    const conf = chained({ ...limits, prevResult })
    for (let n = 0; n < cycles; n++) await warmUp(host, options, conf)
    await settles(t, host, before, 'links, qdiscs and files are identical')
  }),
)

t.test(`so do ${cycles} cycles of bridge with limits, whether or not the network namespace goes before DEL`, t =>
  withHost(t, async host => {
    const options = await container(host)
    const conf = { ...fullConf, ...limits, unshapedSubnets: ['192.0.2.0/24'] }
    const before = await warmUp(host, options, conf)
    for (let n = 0; n < cycles; n++) {
      await must(host, 'ADD', conf, options)
      if (n % 5 === 0) await host.sh('ip netns del a')
      await must(host, 'DEL', conf, options)
      if (n % 5 === 0) await host.sandbox('a')
    }
    await settles(t, host, before, 'links, qdiscs and files are identical')
  }),
)
