import t from 'tap'
import { EtcdFault, type FaultKind } from '../../../../lib/agent/etcd/fault.ts'
import { tellConnection } from '../../../../lib/agent/overlay/connection.ts'
import { faultsOf } from '../../../../lib/agent/overlay/log.ts'

/** What comes of looks at a connection that has failed so, or stands. */
function toldOf(looks: readonly (readonly [FaultKind, string] | undefined)[]) {
  const said: string[] = []
  const faults = faultsOf((event, { about, why } = {}) =>
    said.push(event === 'over' ? `over: ${about}` : `${about}: ${why}`),
  )
  for (const look of looks) {
    const fault = look && { at: 1, why: new EtcdFault(...look) }
    tellConnection(faults, { since: fault ? undefined : 1, endpoint: undefined, fault, faults: 1 })
    faults.settle(() => true)
  }
  return said
}

t.test('what is wrong with a connection is told once, whichever member says it, and that it is over', async t => {
  const looks = [
    ['unreachable', 'Cannot reach a'],
    ['unconnected', 'Cannot reach b'],
    ['overdue', 'Cannot reach c'],
    ['certificate', 'Cannot trust b'],
    ['unconnected', 'Cannot reach a'],
    undefined,
    ['unconnected', 'Cannot reach b'],
  ] as const
  t.same(toldOf(looks), [
    'connection to etcd: Cannot reach a',
    'connection to etcd: certificate: Cannot trust b',
    'over: connection to etcd',
    'over: connection to etcd: certificate',
    'connection to etcd: Cannot reach b',
  ])
})

t.test('what is over with the next try is not told', async t => {
  t.same(toldOf([['compacted', 'Cannot go on from there'], undefined]), [])
})
