import t from 'tap'
import { hostLocal } from '../support/call.ts'
import { withHost } from '../support/host.ts'
import { race, waves } from '../support/race.ts'

/** Networks of the uplink whose containers the host reaches over one link of its own. */
const conf = (name: string, subnet: string) => ({
  cniVersion: '1.1.0',
  name,
  type: 'macvlan',
  master: 'up0',
  hostAccess: true,
  ipam: hostLocal(subnet),
})
const confs = [conf('net1', '192.0.2.0/25'), conf('net2', '192.0.2.128/25')] as const

t.test('200 ADDs and DELs of containers that come and go never take the host link of one that stays', t =>
  withHost(t, host => race(t, host, { confs, width: 4, rounds: 25, links: 1 })),
)

t.test('nor do those of a crowd', t => withHost(t, host => waves(t, host, { confs, width: 24, links: 1 })))
