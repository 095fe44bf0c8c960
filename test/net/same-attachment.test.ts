import { setTimeout as pause } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { warmUp } from '../support/attachment.ts'
import { type Answer, bridgeConf, call, must } from '../support/call.ts'
import { type Host, type Sandbox, withHost } from '../support/host.ts'
import { trace } from '../support/trace.ts'

const conf = bridgeConf()
const rounds = 10
const options = (netns: Sandbox) => ({ netns, containerId: 'c1' })

/** ADDs of one interface, milliseconds apart, of which one succeeds: the others find it at work, or done. */
async function race(t: Test, host: Host, netns: Sandbox, apart = 0): Promise<void> {
  const add = async (place: number) => {
    await pause(place * apart)
    return call(host, 'ADD', conf, options(netns))
  }
  const answers = await Promise.all([0, 1, 2].map(add))
  const added = answers.filter(({ code }) => code === 0)
  t.equal(added.length, 1, 'one succeeds')
  const isRefused = ({ error }: Answer) => error?.code === 11 || (error?.code === 4 && /already/.test(error.msg))
  t.same(
    answers.filter(each => each.code !== 0 && !isRefused(each)).map(({ error }) => error),
    [],
  )
  await must(host, 'CHECK', { ...conf, prevResult: added[0]?.result }, options(netns))
}

t.test('Of ADDs of one interface at the same time one succeeds, and the others take nothing from it', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    await warmUp(host, options(a), conf)
    const before = await trace(host)
    for (let round = 1; round <= rounds; round++) {
      await race(t, host, a)
      await must(host, 'DEL', conf, options(a))
      t.strictSame(await trace(host), before, `round ${round} leaves nothing`)
    }
  }),
)

t.test('So it is where they take the place of an attachment whose sandbox is gone', t =>
  withHost(t, async host => {
    await warmUp(host, options(await host.sandbox('first')), conf)
    const before = await trace(host)
    for (let round = 1; round <= rounds; round++) {
      const a = await host.sandbox(`a${round}`)
      await must(host, 'ADD', conf, options(a))
      await a.remove()
      const b = await host.sandbox(`b${round}`)
      await race(t, host, b, 2 * round)
      await must(host, 'DEL', conf, options(b))
      t.strictSame(await trace(host), before, `round ${round} leaves nothing`)
    }
  }),
)
