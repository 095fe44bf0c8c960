/** Elements and rules of different attachments: which are one and the same, and which exclude each other. */
import { isIptables, programOf, type Resource } from '../kernel/resource.ts'
import type { Store } from '../store/store.ts'
import { recordName } from './names.ts'
import { allRecords, type Record } from './record.ts'

/** The place of an element: there can be one. Empty for every other resource. */
export const placeOf = (resource: Resource): string =>
  resource.kind === 'nft' && resource.object === 'element' ? `${resource.family} ${resource.set} ${resource.key}` : ''

/** What two attachments may have in common though it is their own: an element, a rule of iptables by its words, a chain. */
export function contentOf(resource: Resource): string {
  if (resource.lifetime !== 'own') return ''
  if (!isIptables(resource))
    return placeOf(resource) && `${placeOf(resource)} ${'data' in resource ? resource.data : ''}`
  const { table, chain } = resource
  return [programOf(resource), table, chain, ...(resource.kind === 'iptables' ? resource.rule : [])].join(' ')
}

/** The resources without those that another attachment has too, for it has the same address. */
export async function withoutShared(
  store: Store,
  record: Record,
  resources: readonly Resource[],
): Promise<readonly Resource[]> {
  if (!resources.some(each => contentOf(each) !== '')) return resources
  const name = recordName(record.key)
  const others = (await allRecords(store)).filter(each => recordName(each.key) !== name)
  const theirs = new Set(others.flatMap(other => other.resources.map(contentOf)))
  return resources.filter(each => contentOf(each) === '' || !theirs.has(contentOf(each)))
}
