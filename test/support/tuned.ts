/** An attachment that tuning acts upon, and everything of it that tuning may change. */

import { container } from './attachment.ts'
import { bridgeConf, type CallOptions, type Conf, must } from './call.ts'
import type { Host, Sandbox } from './host.ts'

/** Every attribute, and sysctls of every kind: one value, several, a list, the interface's own, the sandbox's. */
export const everything = {
  mac: '02:AA:BB:00:00:01',
  mtu: 1400,
  promisc: true,
  allmulti: true,
  txQLen: 50,
  sysctl: {
    'net.ipv4.tcp_rmem': '4096 87380 6291456',
    'net.ipv4.conf.IFNAME.arp_filter': '1',
    'net/core/somaxconn': '500',
    'net.ipv4.ip_local_reserved_ports': '8081,8080',
  },
}

export interface Tuned {
  readonly options: CallOptions
  readonly sandbox: Sandbox
  /** A configuration of tuning behind the bridge's. */
  conf(change?: object): Conf
}

/** A container on a bridge network, not yet tuned. */
export async function untuned(host: Host): Promise<Tuned> {
  const options = await container(host)
  const prevResult = await must(host, 'ADD', bridgeConf(), options)
  const base = { cniVersion: '1.1.0', name: 'net1', type: 'tuning', prevResult }
  return { options, sandbox: options.netns as Sandbox, conf: (change = everything) => ({ ...base, ...change }) }
}

const sysctls = [
  'net/ipv4/tcp_rmem',
  'net/ipv4/conf/eth0/arp_filter',
  'net/ipv4/conf/all/arp_filter',
  'net/core/somaxconn',
  'net/ipv4/ip_local_reserved_ports',
]

/** What the sandbox's interface and sysctls are now. */
export async function tuning(sandbox: Sandbox): Promise<Readonly<Record<string, string>>> {
  const [link] = await sandbox.ip('link', 'show', 'dev', 'eth0')
  const { stdout } = await sandbox.exec(['head', '-q', '-n', '1', ...sysctls.map(key => `/proc/sys/${key}`)])
  const values = stdout.split('\n').map(line => line.replaceAll('\t', ' '))
  return {
    mac: link.address,
    mtu: String(link.mtu),
    promisc: String(link.flags.includes('PROMISC')),
    allmulti: String(link.flags.includes('ALLMULTI')),
    txQLen: String(link.txqlen),
    ...Object.fromEntries(sysctls.map((key, index) => [key, values[index] ?? ''])),
  }
}

/** What is there when `everything` is. */
export const tuned = {
  mac: '02:aa:bb:00:00:01',
  mtu: '1400',
  promisc: 'true',
  allmulti: 'true',
  txQLen: '50',
  'net/ipv4/tcp_rmem': '4096 87380 6291456',
  'net/ipv4/conf/eth0/arp_filter': '1',
  'net/core/somaxconn': '500',
  'net/ipv4/ip_local_reserved_ports': '8080-8081',
}

/** Names of the records of tuning. */
export const records = async (host: Host): Promise<string[]> =>
  (await host.sh('ls /var/lib/cni/fairlead/attachments')).split('\n').filter(name => name.includes('-tuning'))
