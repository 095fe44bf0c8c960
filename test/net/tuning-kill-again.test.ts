import t from 'tap'
import { must } from '../support/call.ts'
import { changes } from '../support/faults.ts'
import { tuned, tuning } from '../support/tuned.ts'
import { again, isClean, staged } from '../support/tuning-stage.ts'

t.test('a second ADD that was killed at whatever call loses nothing of what was before the first', t =>
  staged(t, async stage => {
    const { host, container, plugins } = stage
    const { conf, options } = container
    await must(host, 'ADD', conf(), options)
    const calls = await plugins.calls('ADD', conf(), options)
    for (const [index, step] of calls.entries()) {
      if (!changes(step)) continue
      await plugins.call('ADD', conf(), options, { kind: 'kill-after', at: index + 1 })
      await must(host, 'ADD', conf(), options)
      t.match(await tuning(container.sandbox), tuned)
      await again(host, container)
      await isClean(t, stage, step)
      await must(host, 'ADD', conf(), options)
    }
  }),
)
