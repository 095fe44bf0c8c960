/** A network with few addresses, and the files of its leases. */
import { bridgeConf, type Conf } from './call.ts'
import type { Host } from './host.ts'

/** Where the leases of `net1` are. */
export const leaseDirectory = '/var/lib/cni/networks/net1'

/** A bridge network of `size` addresses, from 10.88.0.10 on. */
export function smallRange(size: number): Conf {
  const range = { subnet: '10.88.0.0/24', rangeStart: '10.88.0.10', rangeEnd: `10.88.0.${9 + size}` }
  return bridgeConf({ ipam: { type: 'host-local', ranges: [[range]] } })
}

/** Its addresses. */
export const addressesOf = (size: number): readonly string[] =>
  Array.from({ length: size }, (_, n) => `10.88.0.${10 + n}`)

/** Writes a lease as another plugin would have, at a time that `touch -d` understands. */
export async function writeLease(host: Host, address: string, text: string, when: string): Promise<void> {
  const path = `${leaseDirectory}/${address}`
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\u0000', '\\0')
  await host.sh(`mkdir -p ${leaseDirectory} && printf '${escaped}' > ${path} && touch -d '${when}' ${path}`)
}

/** The leases by address, with the container that each names. */
export async function leases(host: Host): Promise<Readonly<Record<string, string>>> {
  const list = await host.sh(
    `cd ${leaseDirectory} 2>/dev/null && grep -aH '' [0-9]* | grep -v :eth0 | tr -d '\\r' || true`,
  )
  return Object.fromEntries(
    list
      .split('\n')
      .filter(Boolean)
      .map(line => line.split(':') as [string, string]),
  )
}

/** The address of an answer, without its prefix length. */
export const addressOf = (result: { ips: readonly { address: string }[] }): string =>
  result.ips[0]?.address.split('/')[0] ?? ''
