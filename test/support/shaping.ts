/** Limits of bandwidth: networks that have them, and what really gets through. */
import { setTimeout as pause } from 'node:timers/promises'
import { bridgeConf, type CallOptions, type Conf, hostLocal, must } from './call.ts'
import type { Conflist } from './chain.ts'
import type { Host, Sandbox } from './host.ts'
import { until } from './until.ts'

type Keys = Readonly<Record<string, unknown>>

/** Both families. */
export const network = bridgeConf({ macspoofchk: true, ipam: hostLocal('10.88.0.0/16', 'fd00:88::/64') })

/** A limit in each direction. */
export const limits = { ingressRate: 20_000_000, ingressBurst: 800_000, egressRate: 10_000_000 }

/** The chained plugin alone, as a runtime calls it: `prevResult` is for the caller to add. */
export const chained = (keys: Keys): Conf => ({ cniVersion: '1.1.0', name: 'net1', type: 'bandwidth', ...keys })

/** The two ways to have limits: the chained plugin, and bridge in one process. */
export const lists = (keys: Keys): Readonly<Record<string, Conflist>> => ({
  bandwidth: { cniVersion: '1.1.0', name: 'net1', plugins: [network, chained(keys)] },
  'bridge alone': { cniVersion: '1.1.0', name: 'net1', plugins: [{ ...network, ...keys }] },
})

/** Links of the host that packets are led through. */
export const detours = async (host: Host): Promise<string[]> =>
  (await host.ip('link')).map(({ ifname }) => String(ifname)).filter(name => name.startsWith('bwp'))

/** All qdiscs, and the filters of a link. */
export async function qdiscs(host: Host, dev?: string): Promise<string> {
  const filters = dev === undefined ? '' : `; tc filter show dev ${dev} ingress; tc filter show dev ${dev} egress`
  return host.sh(`tc qdisc show${filters}`)
}

interface Place {
  exec: Host['exec']
}

/** A server at an address, which ends after one client. */
async function serve(at: Place, address: string): Promise<void> {
  void at.exec(['iperf3', '-s', '-1', '-B', address])
  const listens = async () => {
    const { stdout } = await at.exec(['ss', '-Hltn', 'sport', '=', ':5201'])
    return stdout.trim() === '' ? undefined : true
  }
  if (!(await until(listens))) throw new Error(`no server at ${address}`)
}

/**
 * Sends for some seconds, as fast as TCP can.
 *
 * @returns megabits per second that arrived, second by second
 */
export async function throughput(
  from: Place,
  source: string,
  to: Place,
  sink: string,
  seconds = 3,
): Promise<readonly number[]> {
  await serve(from, source)
  // The client receives: what a sender has written may still wait with it.
  const { stdout } = await to.exec(['iperf3', '-c', source, '-B', sink, '-R', '-t', String(seconds), '-J'])
  const { intervals = [], error } = JSON.parse(stdout || '{}')
  if (error) throw new Error(`no throughput from ${source}: ${error}`)
  await pause(100)
  return intervals
    .slice(0, seconds)
    .map(({ sum }: { sum: { bits_per_second: number } }) => Math.round(sum.bits_per_second / 1e4) / 100)
}

/** Throughput towards the sandbox, from an address of the host, and from it. */
export async function bothWays(host: Host, sandbox: Sandbox, outside: string, inside: string, seconds?: number) {
  return {
    ingress: await throughput(host, outside, sandbox, inside, seconds),
    egress: await throughput(sandbox, inside, host, outside, seconds),
  }
}

/** Both directions are led through links: nothing more can be made. */
const most = { ...limits, unshapedSubnets: ['192.0.2.0/24', '2001:db8::/32'] }

/** What makes limits: prepares the host, and gives the configuration of the plugin. */
export const makers: Readonly<Record<string, (host: Host, options: CallOptions) => Promise<Conf>>> = {
  bandwidth: async (host, options) => chained({ ...most, prevResult: await must(host, 'ADD', network, options) }),
  'bridge with limits': async () => ({ ...network, ...most }),
}
