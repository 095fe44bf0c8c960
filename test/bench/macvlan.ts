/** ADD and DEL of macvlan against the peer, with one family and with both. */
import { type Conf, hostLocal } from '../support/call.ts'
import { inTurn, rowsOf } from './attach.ts'
import type { Row, Setting } from './row.ts'
import type { Contender } from './side.ts'

const conf = (...subnets: readonly string[]): Conf => ({
  cniVersion: '1.0.0',
  name: 'lan',
  type: 'macvlan',
  master: 'up0',
  ipam: hostLocal(...subnets),
})

const by =
  (plugin: Conf) =>
  (bin: string): Contender => ({ bin, chain: () => [plugin] })

export async function macvlanRows({ short, ours, peer, why }: Setting): Promise<Row[]> {
  const bins = peer ? [ours, peer] : [ours]
  const runs = short ? 15 : 50
  const note = peer ? `medians of ${runs}` : why
  const single = await inTurn(bins.map(by(conf('10.88.0.0/16'))), runs)
  // The peer waits for seconds each time.
  const fewRuns = short ? 5 : 15
  const dual = await inTurn(bins.map(by(conf('10.88.0.0/16', 'fd00:88::/64'))), fewRuns)
  const few = peer ? `medians of ${fewRuns}` : why
  const bars = { ADD: 4, DEL: 1.3, 'ADD + DEL': 1.7 }
  return [
    // One start of Node.js takes longer than all that the peer does.
    ...rowsOf('macvlan + host-local', [single[0], single[1]], bars, note).map(row => ({ ...row, open: true })),
    ...rowsOf('macvlan, IPv4 and IPv6', [dual[0], dual[1]], { ADD: 0.1 }, few),
  ]
}
