import t from 'tap'
import { fullConf, warmUp } from '../support/attachment.ts'
import { must } from '../support/call.ts'
import { faultyPlugins } from '../support/faults.ts'
import { startHost } from '../support/host.ts'

t.test('DEL leaves the processes alone that work for the same attachment on another host of this machine', async t => {
  const [one, other] = [await startHost(), await startHost()]
  for (const host of [one, other]) t.teardown(() => host.stop())
  const options = { netns: await one.sandbox('a'), containerId: 'same' }
  await warmUp(one, options)
  let adding = true
  const slow = faultyPlugins(t, one).call('ADD', fullConf, options, { kind: 'count', slow: true })
  const answer = slow.finally(() => {
    adding = false
  })
  while (adding) await must(other, 'DEL', fullConf, { ...options, netns: '' })
  const { code, stdout } = await answer
  t.equal(code, 0, stdout)
})
