import t from 'tap'
import { must } from '../support/call.ts'
import { cyclesOr } from '../support/cycles.ts'
import { again, isClean, staged } from '../support/tuning-stage.ts'

const cycles = cyclesOr(40)

t.test(`${cycles} cycles of ADD and DEL leave the sandbox and the files as they were`, t =>
  staged(t, async stage => {
    const { host, container } = stage
    const files = await host.files()
    for (let n = 0; n < cycles; n++) {
      await must(host, 'ADD', container.conf(), container.options)
      await again(host, container)
    }
    await isClean(t, stage, 'nothing differs')
    t.same(await host.files(), files)
  }),
)
