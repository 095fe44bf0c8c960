/** DEL: it succeeds twice, in silence, whatever has happened, and nothing of the attachment is left. */
import type { Test } from 'tap'
import { type CallOptions, call, must } from '../call.ts'
import type { Host } from '../host.ts'
import { sample } from '../slowness.ts'
import { settles, stateOf } from '../state.ts'
import { type Case, type Stage, silent, staged } from './stage.ts'

export interface Row {
  /** What happens between ADD and DEL. */
  readonly meanwhile?: (host: Host) => Promise<unknown>
  readonly change?: object
  readonly options?: CallOptions
  /** The sandbox is not there any more. */
  readonly gone?: true
}

const vanish = (host: Host) => host.sh('ip netns del a')
const full = {
  cniVersion: '1.1.0',
  interfaces: [{ name: 'eth0', sandbox: '/run/netns/a' }],
  ips: [{ address: '10.8' }],
}

const ways = {
  'a living sandbox': {},
  'a network namespace that is gone': { meanwhile: vanish, gone: true },
  'an empty CNI_NETNS, the sandbox alive': { options: { netns: '' } },
  'an empty CNI_NETNS, the sandbox gone': { meanwhile: vanish, options: { netns: '' }, gone: true },
  'a path that is a plain file': { meanwhile: host => host.sh('ip netns del a; : >/run/netns/a'), gone: true },
  'a path that is a directory': { options: { netns: '/run' } },
  'a path that is a namespace of another kind': { options: { netns: '/proc/self/ns/mnt' } },
  'a path that became one of another kind': {
    meanwhile: host => host.sh('ip netns del a; : >/run/netns/a; mount --bind /proc/self/ns/uts /run/netns/a'),
    gone: true,
  },
  'a path that leads through a file': { options: { netns: '/etc/passwd/x' } },
  'no prevResult': { change: { prevResult: undefined } },
  'a prevResult of null': { change: { prevResult: null } },
  'a prevResult that is torn': { change: { prevResult: { interfaces: [{}], ips: [{}] } } },
  'a prevResult that is no object': { change: { prevResult: 'x' } },
  'a prevResult with a broken address': { change: { prevResult: full } },
  'no prevResult, the sandbox gone': { meanwhile: vanish, change: { prevResult: undefined }, gone: true },
  'another network name': { change: { name: 'renamed' } },
  'another network name, the sandbox gone': { meanwhile: vanish, change: { name: 'renamed' }, gone: true },
  'no IPAM in the configuration any more': { change: { ipam: {} } },
  'broken CNI_ARGS': { options: { args: ';;=' } },
  'the leases gone already': { meanwhile: host => host.sh('rm -f /var/lib/cni/networks/*/[0-9a-f]*[.:]*') },
  'a key that no ADD would take': { change: { mtu: -3, strict: true, colour: 'blue' } },
  'the interface gone already': { meanwhile: host => host.sh('ip -n a link del eth0 || ip -n a link set eth0 down') },
} satisfies Readonly<Record<string, Row>>

/** What may have happened, by name. */
export const rows: Readonly<Record<keyof typeof ways, Row>> = ways

/** Asserts that DEL succeeds twice, and that nothing is left. */
export async function delTwice(t: Test, stage: Stage, { meanwhile, change, options, gone }: Row): Promise<void> {
  const { host, each, empty } = stage
  const standing = await stage.attach()
  await meanwhile?.(host)
  t.match(await standing.call('DEL', change, options), silent, 'it succeeds in silence')
  t.match(await standing.call('DEL', change, options), silent, 'it succeeds again')
  if (!gone && !meanwhile) await settles(t, host, standing.before, 'the host is as it was before ADD')
  if (!gone && !each.before && !each.revive) return
  await stage.leave()
  await stage.renew()
  await settles(t, host, empty, 'nothing is left')
}

/** Somebody else's sandbox has taken the path, and has an interface of the name. */
async function spareStranger(t: Test, stage: Stage): Promise<void> {
  const { host, options, each } = stage
  const standing = await stage.attach()
  await stage.renew()
  await host.sh('ip -n a link add eth0 type bridge && ip -n a address add 192.0.2.77/24 dev eth0')
  await standing.del()
  const [link] = await host.ip('-n', 'a', 'address', 'show', 'dev', 'eth0')
  t.match(link, { linkinfo: { info_kind: 'bridge' }, addr_info: [{ local: '192.0.2.77' }] })
  await must(host, 'DEL', each.conf, options)
  await stage.leave()
  await stage.renew()
  await settles(t, host, stage.empty, 'nothing is left')
}

/** Registers the tests of DEL. */
export function delContract(t: Test, each: Case): void {
  t.test(`DEL of ${each.name} frees everything with`, t =>
    staged(t, each, async stage => {
      for (const [name, row] of sample(Object.entries(rows))) await t.test(name, t => delTwice(t, stage, row))
    }),
  )

  t.test(`DEL of ${each.name} leaves another sandbox alone that stands at the path by now`, t =>
    staged(t, each, stage => spareStranger(t, stage)),
  )

  t.test(`DEL of ${each.name} succeeds and changes nothing where nothing was added`, t =>
    staged(t, each, async stage => {
      const { host, options, empty } = stage
      const nothing = [{}, { netns: '' }, { netns: '/run/netns/none' }]
      for (const other of nothing) t.match(await call(host, 'DEL', each.conf, { ...options, ...other }), silent)
      await settles(t, host, empty, 'the host is as it was')
      const standing = await stage.attach()
      const before = await stateOf(host)
      const others = [{ ifName: 'eth9' }, { containerId: 'other', ifName: 'eth9' }, { containerId: 'other', netns: '' }]
      for (const other of others) t.match(await standing.call('DEL', {}, other), silent, JSON.stringify(other))
      await settles(t, host, before, 'the attachment beside it stands')
    }),
  )
}
