/** ADD and DEL of macvlan against the peer, with one family and with both. */
import { type Conf, hostLocal } from '../support/call.ts'
import { type Bars, inTurn, rowsOf } from './attach.ts'
import { binsOf, rowsOfEach } from './builds.ts'
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

const bars: Bars = { native: { ADD: 0.8, DEL: 0.9 }, node: { ADD: 4, DEL: 1.3, 'ADD + DEL': 1.7 } }

export async function macvlanRows(setting: Setting): Promise<Row[]> {
  const { short, peer, why } = setting
  const runs = short ? 11 : 50
  const single = await inTurn(binsOf(setting).map(by(conf('10.88.0.0/16'))), runs)
  // The peer waits for seconds each time.
  const fewRuns = short ? 5 : 15
  const dual = await inTurn(binsOf(setting).map(by(conf('10.88.0.0/16', 'fd00:88::/64'))), fewRuns)
  const note = (count: number) => (peer ? `medians of ${count}` : why)
  return [
    ...rowsOfEach(setting, single, (mine, theirs, engine) =>
      rowsOf('macvlan + host-local', [mine, theirs], bars[engine], note(runs)),
    ),
    ...rowsOfEach(setting, dual, (mine, theirs) =>
      rowsOf('macvlan, IPv4 and IPv6', [mine, theirs], { ADD: 0.1 }, note(fewRuns)),
    ),
  ]
}
