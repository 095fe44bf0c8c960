import t from 'tap'
import { container, fullConf } from '../support/attachment.ts'
import { type CallOptions, type Conf, must } from '../support/call.ts'
import { cyclesOr } from '../support/cycles.ts'
import { type Host, withHost } from '../support/host.ts'
import { row } from '../support/publish.ts'
import { limits } from '../support/shaping.ts'
import { settles, stateOf } from '../support/state.ts'

const cycles = cyclesOr(40)

const publishing = { runtimeConfig: { portMappings: row(8000, 3, 1, { protocol: 'udp' }) } }

/** Ports, isolation and limits: by the bridge alone, and by the chain of plugins that does the same. */
const lists: Readonly<Record<string, readonly Conf[]>> = {
  'bridge alone': [{ ...fullConf, isolation: 'same-network', ...publishing, ...limits }],
  'a chain of five': [
    fullConf,
    { cniVersion: '1.1.0', name: 'net1', type: 'portmap', ...publishing },
    { cniVersion: '1.1.0', name: 'net1', type: 'firewall', ingressPolicy: 'same-bridge' },
    { cniVersion: '1.1.0', name: 'net1', type: 'bandwidth', ...limits },
    { cniVersion: '1.1.0', name: 'net1', type: 'tuning', sysctl: { 'net.ipv4.conf.all.log_martians': '1' }, mtu: 1400 },
  ],
}

/** ADD, then DEL in the other order, before which the network namespace goes if asked. */
async function cycle(host: Host, list: readonly Conf[], options: CallOptions, isGone: boolean): Promise<void> {
  let prevResult: unknown
  for (const conf of list) prevResult = await must(host, 'ADD', prevResult ? { ...conf, prevResult } : conf, options)
  if (isGone) await host.sh('ip netns del a')
  for (const conf of list.toReversed()) await must(host, 'DEL', { ...conf, prevResult }, options)
  if (isGone) await host.sandbox('a')
}

for (const [name, list] of Object.entries(lists)) {
  t.test(`${cycles} cycles with ports, isolation and limits by ${name}: the namespace goes first in each fifth`, t =>
    withHost(t, async host => {
      const options = await container(host)
      await cycle(host, list, options, false)
      const before = await stateOf(host)
      for (let n = 0; n < cycles; n++) await cycle(host, list, options, n % 5 === 0)
      await settles(t, host, before, 'rules, qdiscs, links, addresses, routes and files are identical')
    }),
  )
}
