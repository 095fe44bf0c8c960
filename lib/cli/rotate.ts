/** The keys of encrypted networks, changed by hand. */
import { setTimeout as pauseFor } from 'node:timers/promises'
import type { Etcd } from '../agent/etcd/etcd.ts'
import { clusterOf } from '../agent/overlay/cluster.ts'
import { laggards } from '../agent/overlay/esp/epochs.ts'
import { rotate } from '../agent/overlay/esp/rotate.ts'
import { keys } from '../agent/overlay/keys.ts'
import { CniError, code } from '../cni/error.ts'
import type { Host } from '../host/host.ts'
import { withCluster } from './nodes.ts'
import { type Tell, withProgress } from './progress.ts'

/** Milliseconds that hosts may take to get a new secret, and between two looks at whether they have. */
const [patience, pause] = [20_000, 100]

/** The cluster once all hosts that are there understand the newest epoch, or nobody waits for them any longer. */
async function settled(etcd: Etcd) {
  for (const end = Date.now() + patience; ; await pauseFor(pause)) {
    const { entries } = await etcd.list('')
    const cluster = clusterOf(entries)
    if (laggards(cluster).length === 0 || Date.now() > end)
      return { cluster, since: entries.get(keys.epochs)?.modRevision }
  }
}

async function rotateIn(etcd: Etcd, tell: Tell): Promise<string> {
  tell('waiting until all hosts have the keys of now')
  const { cluster, since } = await settled(etcd)
  if (!cluster.epochs || since === undefined) {
    const msg = 'Cannot change the keys of encrypted networks: there are none yet'
    throw new CniError(code.config, `${msg}. They are made when the first host encrypts`)
  }
  const epoch = await rotate(etcd, cluster, cluster.epochs, since)
  if (epoch === undefined) return 'somebody else has changed the keys at this moment\n'
  tell('waiting until all hosts have the new ones')
  await settled(etcd)
  return `epoch ${epoch}\n`
}

/**
 * Begins the next epoch, and waits until another could follow.
 *
 * @throws CniError 7 where nothing is encrypted, ClaimError where a host does not understand the next keys
 */
export const rotateKeys = (host: Host, path: string): Promise<string> =>
  withProgress(host, tell => withCluster(host, path, etcd => rotateIn(etcd, tell)))
