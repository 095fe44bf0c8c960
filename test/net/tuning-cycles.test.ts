import t from 'tap'
import { must } from '../support/call.ts'
import { again, isClean, staged } from '../support/tuning-stage.ts'

t.test('cycles of ADD and DEL leave the sandbox and the files as they were', t =>
  staged(t, async stage => {
    const { host, container } = stage
    const files = await host.files()
    for (let n = 0; n < 40; n++) {
      await must(host, 'ADD', container.conf(), container.options)
      await again(host, container)
    }
    await isClean(t, stage, 'nothing differs')
    t.same(await host.files(), files)
  }),
)
