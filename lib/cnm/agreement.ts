/**
 * ipvlan keeps mode and flag for all links of a parent, and who makes one with others changes them for all
 * (drivers/net/ipvlan/ipvlan_main.c, ipvlan_link_new). So attachments have to agree.
 */
import { CniError, code } from '../cni/error.ts'
import type { Link, Resource } from '../kernel/resource.ts'
import type { Tools } from '../kernel/tool.ts'
import { livenessOf } from './liveness.ts'
import { endsWith, recordName } from './names.ts'
import type { Ports } from './ports.ts'
import { loadRecord, type Record } from './record.ts'

const ownLink = (resources: readonly Resource[]): Link | undefined =>
  resources.filter(each => each.kind === 'link').find(({ type, lifetime }) => type === 'ipvlan' && lifetime === 'own')

const place = ({ parent, netns, born }: Link): string => `${born ? born.netns : netns} ${parent}`
const words = ({ options = {} }: Link): string => Object.entries(options).flat().filter(Boolean).join(' ')

/**
 * Compares a link that is about to be made, and recorded, with one that stands: all of these agree already.
 *
 * @throws CniError 7 where another attachment has another mode or flag on the same parent
 */
export async function checkAgreement({ store }: Ports, tools: Tools, record: Record): Promise<void> {
  const mine = ownLink(record.resources)
  if (!mine) return
  const own = recordName(record.key)
  for (const name of (await store.list('attachments')).filter(endsWith('-ipvlan'))) {
    const other = name === own ? undefined : await loadRecord(store, name)
    const theirs = other && ownLink(other.resources)
    if (!theirs || place(theirs) !== place(mine) || (await livenessOf(tools, other, false)) === 'gone') continue
    if (words(theirs) === words(mine)) return
    const msg = `Cannot use ${words(mine)} on ${mine.parent}: network ${other.key.network} has ${words(theirs)} there`
    throw new CniError(code.config, `${msg}, and all ipvlan links of a parent have one. Use that, or another parent`)
  }
}
