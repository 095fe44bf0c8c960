import t from 'tap'
import { endsWith, placedKeyOf, recordName } from '../../../lib/cnm/names.ts'

const request = { network: 'net1', containerId: 'c1', ifName: 'eth0' }
const nameOf = (conf: object) => recordName(placedKeyOf({ ...request, conf: { ...conf } as never }, 'tuning'))

t.test('the own configuration of a chained plugin tells its place, whatever is handed in beside it', async t => {
  const name = nameOf({ type: 'tuning', mtu: 1400, sysctl: { a: '1', b: '2' } })
  const same = [
    { mtu: 1400, sysctl: { b: '2', a: '1' }, type: 'tuning' },
    { type: 'tuning', mtu: 1400, sysctl: { a: '1', b: '2' }, prevResult: { ips: [] }, cniVersion: '1.0.0', name: 'x' },
    {
      type: 'tuning',
      mtu: 1400,
      sysctl: { a: '1', b: '2' },
      runtimeConfig: { mac: 'x' },
      args: { cni: {} },
      'cni.dev/valid-attachments': [],
    },
  ]
  for (const conf of same) t.equal(nameOf(conf), name)
  t.not(nameOf({ type: 'tuning', mtu: 1300 }), name)
})

t.test('a record is found by its type, with a place or without', async t => {
  const isTuning = endsWith('-tuning')
  t.ok(isTuning('0-1-tuning'))
  t.ok(isTuning('0-1-tuning+12ab34cd'))
  t.notOk(isTuning('0-1-tuning2+12ab34cd'))
  t.notOk(isTuning('0-1-bridge'))
})
