/** What is left of containers that are gone: links, firewall entries, leases and records without each other. */

import { vethOf } from '../../cnm/inherits.ts'
import { latestRecords } from '../../cnm/latest.ts'
import { livenessOf } from '../../cnm/liveness.ts'
import { aliasOf, labelOf, recordName } from '../../cnm/names.ts'
import type { Ports } from '../../cnm/ports.ts'
import { reconcile } from '../../cnm/reconcile.ts'
import { allRecords, type Record } from '../../cnm/record.ts'
import { belongs, readLeases } from '../../ipam/lease.ts'
import { commentedElements, deleteCommented } from '../../kernel/commented.ts'
import { remove } from '../../kernel/kernel.ts'
import { absentNft } from '../../kernel/nft-listing.ts'
import type { Tools } from '../../kernel/tool.ts'
import { defaultLeases } from '../../store/layout.ts'
import { collect, type Wishes, whose } from '../attachments/collect.ts'
import { faultsOf } from '../attachments/inspect.ts'
import type { Finding } from './finding.ts'

const fixable = 'Run: fairlead doctor --fix'

interface Link {
  readonly ifname: string
  readonly ifalias?: string
}

/** Links that say that they are an attachment's, of which there is no record. */
async function links(tools: Tools, records: readonly Record[]): Promise<readonly Finding[]> {
  const { stdout } = await tools.run(['ip', '-j', 'link', 'show'])
  const known = new Set(records.map(({ key }) => aliasOf(recordName(key))))
  const ours = (JSON.parse(stdout || '[]') as Link[]).filter(({ ifalias = '' }) =>
    /^fairlead:[\da-f]{16}-/.test(ifalias),
  )
  return ours
    .filter(({ ifalias = '' }) => !known.has(ifalias))
    .map(({ ifname }) => ({
      severity: 'warning',
      area: 'leftovers',
      text: `link ${ifname} is of an attachment of which there is no record`,
      remedy: fixable,
      fix: () => remove(tools, [vethOf(null, ifname)]),
    }))
}

const placesOf = (records: readonly Record[]): ReadonlySet<string> =>
  new Set(
    records.flatMap(({ resources }) =>
      resources.flatMap(each => (each.kind === 'nft' && each.object === 'element' ? [`${each.set} ${each.key}`] : [])),
    ),
  )

/** Entries that say whose they are, where nothing is kept for him, nor for anybody else with the same entry. */
async function entries(tools: Tools, records: readonly Record[]): Promise<readonly Finding[]> {
  const labels = new Set(records.map(({ key }) => labelOf(key)))
  const places = placesOf(records)
  const all = await commentedElements(tools)
  const left = all.filter(({ comment, set, key }) => !labels.has(comment) && !places.has(`${set} ${key}`))
  return left.map(each => ({
    severity: 'warning',
    area: 'leftovers',
    text: `firewall entry ${each.key} of ${each.set} is of ${each.comment}, of which there is no record`,
    remedy: fixable,
    fix: () => deleteCommented(tools, [each]),
  }))
}

/** A lease may be another IPAM plugin's that shares the directory: it is told, and left. */
async function leases({ host }: Ports, records: readonly Record[]): Promise<readonly Finding[]> {
  const found: Finding[] = []
  for (const network of await host.files.list(defaultLeases)) {
    for (const lease of await readLeases(host, `${defaultLeases}/${network}`)) {
      if (lease.owner === undefined || records.some(({ key }) => belongs(lease, key))) continue
      const text = `${lease.address} of network ${network} is leased to ${lease.owner.containerId}, of which nothing is kept`
      const remedy = `If there is no such container any more: rm ${lease.path}`
      found.push({ severity: 'warning', area: 'leftovers', text, remedy })
    }
  }
  return found
}

/** A sandbox that is gone, or what a living container has lost on the host, as after a flush by somebody else. */
async function ofRecord(ports: Ports, record: Record, wishes: Wishes): Promise<readonly Finding[]> {
  const liveness = await livenessOf(ports.tools(''), record, false)
  if (liveness === 'gone') {
    const fix = async () => void (await collect(ports.host, wishes))
    const text = `the sandbox of ${whose(record)} is gone`
    return [{ severity: 'warning', area: 'leftovers', text, remedy: fixable, fix }]
  }
  if (record.state !== 'complete' || liveness !== 'live') return []
  const here = record.resources.filter(({ netns }) => netns === null)
  const lost = await faultsOf(ports, record, here, absentNft)
  if (lost.size === 0) return []
  const text = `${whose(record)} lacks ${lost.size} of what it was given on the host`
  const fix = async () => void (await reconcile(ports, record.key.network))
  return [{ severity: 'error', area: 'leftovers', text, remedy: fixable, fix }]
}

/** Looks for what does not belong together any more. */
export async function lookForLeftovers(ports: Ports, binDir: string): Promise<readonly Finding[]> {
  const tools = ports.tools('')
  const records = await latestRecords(ports, await allRecords(ports.store))
  const found: Finding[] = []
  for (const each of records)
    found.push(...(await ofRecord(ports, each, { network: undefined, binDir, dryRun: false })))
  found.push(...(await links(tools, records)), ...(await entries(tools, records)), ...(await leases(ports, records)))
  if (found.length > 0) return found
  const text = `records, links, firewall entries and leases of ${records.length} attachments belong together`
  return [{ severity: 'ok', area: 'leftovers', text }]
}
