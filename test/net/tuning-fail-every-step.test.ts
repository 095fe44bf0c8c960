import t from 'tap'
import { again, isClean, staged } from '../support/tuning-stage.ts'

t.test('an ADD that fails at whatever call of its host leaves the sandbox as it was, and says why', t =>
  staged(t, async stage => {
    const { host, container, plugins } = stage
    const { conf, options } = container
    const calls = await plugins.calls('ADD', conf(), options)
    await again(host, container)
    const survived: string[] = []
    for (const [index, step] of calls.entries()) {
      const { code, error } = await plugins.call('ADD', conf(), options, { kind: 'fail', at: index + 1 })
      if (code === 0) {
        survived.push(step)
        await again(host, container)
      } else t.match(error, { cniVersion: '1.1.0', code: Number, msg: /^Cannot / }, step)
      await isClean(t, stage, step)
    }
    // A refused sysctl that has its value all the same is none, and nobody hears of an address.
    t.same(
      survived.filter(step => !/^(end|say neighbour)/.test(step)),
      [],
    )
  }),
)
