import t from 'tap'
import { duration } from '../../../../lib/agent/dhcp/duration.ts'

t.test('a duration is read as Go writes it', async t => {
  const rows = { '10': 10_000, '10s': 10_000, '1m30s': 90_000, '500ms': 500, '1h': 3_600_000, '1.5s': 1_500, '0': 0 }
  for (const [text, milliseconds] of Object.entries(rows)) t.equal(duration(text), milliseconds, text)
})

t.test('what is none is refused', async t => {
  for (const text of ['', 's', '10x', '-1s', '1 s', '1s ', 'ten', '1e3', '10d']) {
    t.throws(() => duration(text), { message: /Cannot read .* as a duration/ }, text)
  }
})
