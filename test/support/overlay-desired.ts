/** What the kernel of a host should know of the others, from what etcd holds, and what it knows: by rules of their own. */
import type { Host } from './host.ts'
import type { Cluster } from './overlay-etcd.ts'

/** Lines: a MAC with its host, an address with its MAC; sorted. */
export interface Known {
  readonly entries: readonly string[]
  readonly held: readonly string[]
  readonly neighbours: readonly string[]
  readonly senders: readonly string[]
}

const prefix = '/fairlead/v1/'
const bytes = (offset: number): readonly [number, number] => [Math.floor(offset / 256), offset % 256]
const hex = (number: number): string => number.toString(16).padStart(2, '0')

/** Of the network 10.200.0.0/16 and fd20::/64. */
const macAt = (offset: number): string => `02:42:0a:c8:${bytes(offset).map(hex).join(':')}`
const addressesAt = (offset: number): readonly string[] => [
  `10.200.${bytes(offset).join('.')}`,
  `fd20::${offset.toString(16)}`,
]

/** All keys under a prefix. */
async function keysUnder(cluster: Cluster, under: string): Promise<ReadonlyMap<string, string>> {
  const { kvs = [] } = JSON.parse(await cluster.ctl('get', '--prefix', prefix + under, '-w', 'json')) as {
    kvs?: readonly { key: string; value: string }[]
  }
  const text = (raw: string) => Buffer.from(raw, 'base64').toString()
  return new Map(kvs.map(({ key, value }) => [text(key).slice(prefix.length + under.length), text(value)]))
}

/** What a host should know, which is itself the node `id`. */
export async function desired(cluster: Cluster, network: string, blockSize: number, id: string): Promise<Known> {
  const nodes = await keysUnder(cluster, 'node/')
  const blocks = await keysUnder(cluster, `block/${network}/`)
  const others = [...blocks].flatMap(([index, value]) => {
    const { node } = JSON.parse(value) as { node: string }
    const found = nodes.get(node)
    const address = found === undefined ? undefined : (JSON.parse(found) as { address: string }).address
    return node === id || address === undefined ? [] : [{ first: Number(index) * blockSize, address }]
  })
  const spots = others.flatMap(({ first, address }) =>
    Array.from({ length: blockSize }, (_, at) => ({ offset: first + at, address })),
  )
  return {
    entries: spots.map(({ offset, address }) => `${macAt(offset)} ${address}`).toSorted(),
    held: spots.map(({ offset }) => macAt(offset)).toSorted(),
    neighbours: spots
      .flatMap(({ offset }) => addressesAt(offset).map(address => `${address} ${macAt(offset)}`))
      .toSorted(),
    senders: [...new Set(others.map(({ address }) => address))].toSorted(),
  }
}

/** What it knows. */
export async function known(host: Host, vni: number): Promise<Known> {
  const lines = async (script: string) => (await host.sh(script)).trim().split('\n').filter(Boolean).toSorted()
  const entries = `bridge fdb show dev flv${vni}`
  return {
    entries: await lines(`${entries} | sed -n 's/^\\([^ ]*\\) .*dst \\([^ ]*\\) .*/\\1 \\2/p'`),
    held: await lines(`${entries} | awk '/master/ && /static/ && /sticky/ { print $1 }'`),
    neighbours: await lines(`ip neighbour show dev flb${vni} nud permanent | awk '/proto 117/ { print $1, $3 }'`),
    senders: await lines(`nft -j list set inet fairlead vteps4-${vni} | grep -o '10\\.99\\.[0-9.]*' || true`),
  }
}
