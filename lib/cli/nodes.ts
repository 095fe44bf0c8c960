/** The nodes of the cluster, for a person at any of them. */
import { openEtcd } from '../agent/etcd/client.ts'
import { blockKeysOf, removeNode } from '../agent/overlay/claims.ts'
import { clusterOf } from '../agent/overlay/cluster.ts'
import { readConfig } from '../agent/overlay/config.ts'
import { cipherText } from '../agent/overlay/esp/silent.ts'
import { CniError, code } from '../cni/error.ts'
import type { Host } from '../host/host.ts'
import { visible } from './print.ts'

/** Asks the cluster that the file of the agent names. */
export async function withCluster<T>(
  host: Host,
  path: string,
  work: (etcd: ReturnType<typeof openEtcd>, cluster: ReturnType<typeof clusterOf>) => Promise<T>,
): Promise<T> {
  const etcd = openEtcd((await readConfig(host, path)).etcd)
  try {
    return await work(etcd, clusterOf((await etcd.list('')).entries))
  } finally {
    await etcd.close()
  }
}

/** A line for each node: its id, name and address, whether its agent is there, how many blocks it has, how it encrypts. */
export const nodeLines = (cluster: ReturnType<typeof clusterOf>): readonly string[] =>
  [...cluster.nodes]
    .map(([id, { name, address }]) => {
      const count = blockKeysOf(cluster, id).length
      const encryption = cipherText(cluster, id)
      const cells = [id, name, address, cluster.alive.has(id) ? 'alive' : 'away', `${count} blocks`, encryption]
      return cells.flatMap(each => (each === undefined ? [] : visible(each))).join('\t')
    })
    .toSorted()

/** The same as text. */
export const nodeList = (host: Host, path: string): Promise<string> =>
  withCluster(host, path, async (_, cluster) =>
    nodeLines(cluster)
      .map(each => `${each}\n`)
      .join(''),
  )

/**
 * Takes a node out for good: other hosts forget its addresses, and may get them.
 *
 * @throws CniError 7 for one that is not there, and for one whose agent is
 */
export const removeNodeOf = (host: Host, path: string, id: string, force: boolean): Promise<string> =>
  withCluster(host, path, async (etcd, cluster) => {
    if (cluster.alive.has(id) && !force) {
      const msg = `Cannot remove node ${id}: its agent is there, and would be back at once`
      throw new CniError(code.config, `${msg}. Stop that agent first, or insist by --force`)
    }
    if (!(await removeNode(etcd, cluster, id))) {
      const msg = `Cannot remove node ${id}: the cluster has none of that name`
      throw new CniError(code.config, `${msg}. See them by: fairlead overlay node ls`)
    }
    return `removed ${id}`
  })
