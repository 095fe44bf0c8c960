import t from 'tap'
import { fakeHost } from '../../../lib/host/fake.ts'
import { ensureOffloads, missingOffloads } from '../../../lib/kernel/offload.ts'
import type { Offload } from '../../../lib/kernel/resource.ts'
import { tools } from '../../../lib/kernel/tool.ts'

const off: Offload = { kind: 'offload', lifetime: 'counted', netns: null, dev: 'flv7', value: 'off' }
const on: Offload = { ...off, value: 'on' }

t.test('it is set, and what refuses that is named', async t => {
  const host = fakeHost({})
  await ensureOffloads(tools(host, ''), [off])
  t.same(
    host.heard.map(({ argv }) => argv),
    [['ethtool', '-K', 'flv7', 'tx-checksum-ip-generic', 'off']],
  )
  const refusing = fakeHost({ run: () => ({ code: 1, stderr: 'Could not change any device features\n' }) })
  await t.rejects(ensureOffloads(tools(refusing, ''), [off]), {
    message: 'checksum offload off of flv7: Could not change any device features',
  })
  const without = fakeHost({ run: () => ({ code: 127, stderr: 'no such program' }) })
  await t.rejects(ensureOffloads(tools(without, ''), [off]), {
    fault: 'tool-missing',
    message: /Install the package ethtool/,
  })
  await t.rejects(ensureOffloads(tools(host, ''), [{ ...off, dev: 'a b' }]), 'nothing but a name')
})

t.test('CHECK reads it', async t => {
  const says = (stdout: string) => tools(fakeHost({ run: () => ({ stdout }) }), '')
  const features = (value: string) =>
    `Features for flv7:\n\ttx-checksum-ipv4: off\n\ttx-checksum-ip-generic: ${value}\n`
  t.same(await missingOffloads(says(features('off')), [off]), [])
  t.same(await missingOffloads(says(features('on')), [off]), [{ resource: off, why: 'is on' }])
  t.same(await missingOffloads(says(features('off [fixed]')), [on]), [{ resource: on, why: 'is off' }])
  t.same(await missingOffloads(says(''), [off]), [{ resource: off, why: 'cannot be read' }])
  const gone = fakeHost({ run: () => ({ code: 1, stderr: 'netlink error: No such device' }) })
  t.same(await missingOffloads(tools(gone, ''), [off]), [{ resource: off, why: 'cannot be read' }])
})
