/** nftables elements of different attachments: which are one and the same, and which exclude each other. */
import type { Resource } from '../kernel/resource.ts'
import type { Store } from '../store/store.ts'
import { recordName } from './names.ts'
import { allRecords, type Record } from './record.ts'

/** The place of an element: there can be one. Empty for every other resource. */
export const placeOf = (resource: Resource): string =>
  resource.kind === 'nft' && resource.object === 'element' ? `${resource.family} ${resource.set} ${resource.key}` : ''

/** The element, whosever it is; empty for every other resource. */
export const contentOf = (resource: Resource): string =>
  resource.kind === 'nft' && resource.object === 'element' ? `${placeOf(resource)} ${resource.data ?? ''}` : ''

/** The resources without elements that another attachment has too, for it has the same address. */
export async function withoutShared(
  store: Store,
  record: Record,
  resources: readonly Resource[],
): Promise<readonly Resource[]> {
  if (!resources.some(each => placeOf(each) !== '')) return resources
  const name = recordName(record.key)
  const others = (await allRecords(store)).filter(each => recordName(each.key) !== name)
  const theirs = new Set(others.flatMap(other => other.resources.map(contentOf)))
  return resources.filter(each => contentOf(each) === '' || !theirs.has(contentOf(each)))
}
