import t, { type Test } from 'tap'
import { call, must } from '../support/call.ts'
import { type Host, withHost } from '../support/host.ts'
import { afterBoot, beforeBoot, reboot } from '../support/reboot.ts'
import { addressOf, leases, smallRange, writeLease } from '../support/small-range.ts'
import { until } from '../support/until.ts'

const conf = smallRange(1)
const address = '10.88.0.10'
const owner = 'gone\r\neth0'

const rows = [
  { what: 'an empty file older than a minute', text: '', when: '61 seconds ago', reclaimed: true },
  { what: 'an empty file that may still be written', text: '', when: '50 seconds ago', reclaimed: false },
  { what: 'a torn file older than a minute', text: '\0\0', when: '61 seconds ago', reclaimed: true },
  { what: 'a torn file that may still be written', text: '\0\0', when: '50 seconds ago', reclaimed: false },
  { what: "another plugin's lease from before the boot", text: owner, when: beforeBoot, reclaimed: true },
  { what: "another plugin's lease from after the boot", text: owner, when: afterBoot, reclaimed: false },
]

async function expectReclaimed(t: Test, host: Host, reclaimed: boolean): Promise<void> {
  const held = await leases(host)
  const { code, result, error } = await call(host, 'ADD', conf, { netns: await host.sandbox('b') })
  if (reclaimed) {
    t.equal(result && addressOf(result), address)
    t.same(await leases(host), { [address]: 'b' })
  } else {
    t.same({ code, number: error?.code }, { code: 1, number: 11 })
    t.match(error?.msg, /no IP addresses available/)
    t.same(await leases(host), held, 'the lease stands')
  }
}

for (const { what, text, when, reclaimed } of rows) {
  t.test(`a full range ${reclaimed ? 'reclaims' : 'keeps'} ${what}`, t =>
    withHost(t, async host => {
      await reboot(host)
      await writeLease(host, address, text, when)
      await expectReclaimed(t, host, reclaimed)
    }),
  )
}

t.test('a full range reclaims the lease of a container whose network namespace is gone', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    await must(host, 'ADD', conf, { netns: a })
    await a.remove()
    t.ok(await until(async () => ((await host.ip('link', 'show', 'master', 'cni0')).length === 0 ? true : undefined)))
    await expectReclaimed(t, host, true)
  }),
)

t.test('a full range keeps the lease of a container whose namespace lost its path but stands', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    await must(host, 'ADD', conf, { netns: a })
    await host.sh(`touch /run/held && mount --bind ${a.path} /run/held`)
    await a.remove()
    await expectReclaimed(t, host, false)
  }),
)
