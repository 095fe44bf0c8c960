/** The epochs of the cluster: who needs the first one makes it, and whoever is first begins the next. */
import { type Etcd, unchanged } from '../../etcd/etcd.ts'
import type { Agent } from '../agent.ts'
import { type Cluster, clusterOf } from '../cluster.ts'
import { type Epochs, keys } from '../keys.ts'
import { log } from '../log.ts'
import { ClaimError } from '../node.ts'
import { firstEpochs, laggards, nextEpochs } from './epochs.ts'

/**
 * The epochs; made if there are none.
 *
 * @throws ClaimError where something else is in their place
 */
export async function needEpochs(etcd: Etcd, cluster: Cluster): Promise<Epochs> {
  if (cluster.epochs) return cluster.epochs
  const { entry } = await etcd.create(keys.epochs, JSON.stringify(firstEpochs(cluster, Date.now())))
  const { epochs } = clusterOf(new Map([[keys.epochs, entry]]))
  if (epochs) return epochs
  throw new ClaimError(`Cannot encrypt: ${keys.epochs} in etcd holds what no fairlead has written. Remove it`)
}

/**
 * Begins the next epoch.
 *
 * @param since the revision that the epochs of the cluster are of
 * @returns its number; undefined where somebody else was first
 * @throws ClaimError that names nodes which do not understand it yet
 */
export async function rotate(etcd: Etcd, cluster: Cluster, epochs: Epochs, since: bigint): Promise<number | undefined> {
  const late = laggards(cluster)
  if (late.length > 0) {
    const msg = `Cannot change the keys of encrypted networks: ${late.join(' and ')} would not understand the next ones yet`
    throw new ClaimError(`${msg}. See the log of "fairlead agent" there`)
  }
  const next = nextEpochs(epochs, Date.now())
  const { done } = await etcd.transact(
    [unchanged(keys.epochs, since)],
    [{ put: keys.epochs, value: JSON.stringify(next) }],
  )
  return done ? next.send : undefined
}

/** Begins the next epoch once it is time. */
export async function rotateInTime({ etcd, config, following, faults }: Agent, cluster: Cluster): Promise<void> {
  const { epochs } = cluster
  const since = following.entries.get(keys.epochs)?.modRevision
  if (!epochs || since === undefined || Date.now() - epochs.at < config.rotateHours * 3_600_000) return
  try {
    const epoch = await rotate(etcd, cluster, epochs, since)
    if (epoch !== undefined) log('rotated', { epoch })
  } catch (error) {
    faults.set('keys', error)
  }
}
