/** Removing what is kept for containers that are gone, without a runtime that names those which are not. */
import { CniError, code } from '../../cni/error.ts'
import type { Request } from '../../cni/request.ts'
import { requestAbout } from '../../cni/request-about.ts'
import { detach } from '../../cnm/detach.ts'
import { livenessOf } from '../../cnm/liveness.ts'
import type { Ports } from '../../cnm/ports.ts'
import { allRecords, dropTorn, type Record } from '../../cnm/record.ts'
import { forgetGone } from '../../cnm/shared.ts'
import { sweepEarlierBoots } from '../../cnm/sweep.ts'
import type { Host } from '../../host/host.ts'
import { say } from '../print.ts'
import { type Tell, withProgress } from '../progress.ts'
import { withPorts } from '../with-ports.ts'

export interface Wishes {
  /** Only of this network. */
  readonly network: string | undefined
  /** Where the IPAM plugins of others are. */
  readonly binDir: string
  /** Only tell what would go. */
  readonly dryRun: boolean
}

const removal = ({ key, conf, args }: Record, binDir: string): Request => {
  const { network, containerId, ifName } = key
  const text = JSON.stringify(conf)
  return requestAbout(network, conf, { operation: 'DEL', containerId, ifName, args, path: [binDir], text })
}

/** What a record is of, for messages. */
export const whose = ({ key: { containerId, ifName, network, type } }: Record): string =>
  `${containerId} ${ifName} (network ${network}, ${type})`

/** Says so where nothing is attached to a network that is named. Having nothing to do is no failure, but may be a typing error. */
export async function sayIfUnknown({ host, store }: Ports, network: string | undefined): Promise<void> {
  if (network === undefined || (await allRecords(store)).some(({ key }) => key.network === network)) return
  say(host, `no attachment of network ${network} is known here`)
}

/** A line for each attachment that goes. Throws CniError with every failure, after all was tried. */
async function collectFrom(ports: Ports, { network, binDir, dryRun }: Wishes, tell: Tell): Promise<readonly string[]> {
  const failures: string[] = []
  const lines: string[] = []
  const all = await allRecords(ports.store)
  for (const [index, record] of all.entries()) {
    if (network !== undefined && record.key.network !== network) continue
    tell(`${index + 1} of ${all.length}: ${whose(record)}`)
    if ((await livenessOf(ports.tools(''), record, true)) !== 'gone') continue
    lines.push(`${dryRun ? 'would remove' : 'removed'} ${whose(record)}`)
    if (dryRun) continue
    await detach(ports, record, removal(record, binDir)).catch(error => {
      lines.pop()
      failures.push(`${whose(record)}: ${error instanceof Error ? error.message : error}`)
    })
  }
  if (!dryRun) {
    await dropTorn(ports.store)
    await forgetGone(ports.host, ports.store)
  }
  if (failures.length > 0) throw new CniError(code.internal, failures.join('; '))
  return lines
}

/**
 * Removes what is kept for containers whose sandbox is gone for good. Where that cannot be told, everything stays.
 *
 * @returns a line for each attachment
 * @throws CniError with every failure, after all was tried
 */
export async function collect(host: Host, wishes: Wishes): Promise<readonly string[]> {
  return withPorts(host, 'collect garbage', async ports => {
    await sayIfUnknown(ports, wishes.network)
    return withProgress(host, async tell => {
      if (!wishes.dryRun) {
        tell('what is from before the last boot')
        await sweepEarlierBoots(ports, '')
      }
      return collectFrom(ports, wishes, tell)
    })
  })
}
