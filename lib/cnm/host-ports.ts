/**
 * Who publishes which ports of this host. Each claim is a file whose name says it all, so that one look at a directory
 * finds what is in conflict, however many there are. A record is written before its claims, and claims are made before
 * anybody looks: of two that come at once, at least one sees the other.
 */
import { CniError, code } from '../cni/error.ts'
import { remove } from '../kernel/kernel.ts'
import type { PortClaim, Resource } from '../kernel/resource.ts'
import type { Tools } from '../kernel/tool.ts'
import type { Store } from '../store/store.ts'
import { contentOf, placeOf, withoutShared } from './elements.ts'
import { hasEnded } from './liveness.ts'
import { recordName } from './names.ts'
import { loadRecord, type Record } from './record.ts'

const area = 'ports'

interface Claimed extends PortClaim {
  readonly file: string
  /** The name of its record. */
  readonly owner: string
}

const fileOf = ({ family, protocol, hostIp, first, last }: PortClaim, owner: string): string =>
  `${family}_${protocol}_${first}-${last}_${hostIp}_${owner}`

const written = /^([46])_(tcp|udp|sctp)_(\d+)-(\d+)_([^_]*)_(.+)$/

function claimOf(file: string): Claimed[] {
  const [, family, protocol, first, last, hostIp = '', owner] = written.exec(file) ?? []
  if (protocol === undefined || owner === undefined) return []
  const port = { family: family === '4' ? 4 : 6, protocol: protocol as PortClaim['protocol'], hostIp } as const
  return [{ file, owner, ...port, first: Number(first), last: Number(last) }]
}

const collide = (a: PortClaim, b: PortClaim): boolean =>
  a.family === b.family &&
  a.protocol === b.protocol &&
  a.first <= b.last &&
  b.first <= a.last &&
  (a.hostIp === b.hostIp || a.hostIp === '' || b.hostIp === '')

/** Claims of others that collide with the record's. */
async function others(store: Store, record: Record): Promise<readonly Claimed[]> {
  const ports = record.ports ?? []
  if (ports.length === 0) return []
  const self = recordName(record.key)
  const all = (await store.list(area)).flatMap(claimOf).filter(({ owner }) => owner !== self)
  return all.filter(claim => ports.some(port => collide(port, claim)))
}

/** The records behind colliding claims; of claims without a record, killed operations are the authors. */
async function rivals(store: Store, record: Record): Promise<readonly Record[]> {
  const found = new Map<string, Record>()
  for (const { file, owner } of await others(store, record)) {
    const rival = found.get(owner) ?? (await loadRecord(store, owner))
    if (rival) found.set(owner, rival)
    else await store.drop(area, file)
  }
  return [...found.values()]
}

const isSibling = (record: Record, rival: Record): boolean => record.key.containerId === rival.key.containerId

/** A claimed port in words. */
export const describePort = ({ protocol, hostIp, first, last, family }: PortClaim): string => {
  const at = hostIp === '' ? '' : ` of ${hostIp}`
  return `${protocol} port ${first === last ? first : `${first}-${last}`}${at} (IPv${family})`
}

function refusal(record: Record, rival: Record): CniError {
  const wanted = (record.ports ?? []).find(port => (rival.ports ?? []).some(each => collide(port, each)))
  const { containerId, network, ifName } = rival.key
  const msg = `Cannot publish ${wanted ? describePort(wanted) : 'a port'}: container ${containerId} (${ifName}, network ${network}) publishes it`
  return new CniError(code.config, `${msg}. Choose another host port, or remove that container first`)
}

async function drop(store: Store, record: Record): Promise<void> {
  const owner = recordName(record.key)
  for (const port of record.ports ?? []) await store.drop(area, fileOf(port, owner))
}

/**
 * Claims the record's ports, after it was written. What a container that is gone had of them is free.
 *
 * @returns the resources to make now: another attachment of the same container keeps what it has
 * @throws CniError 7 where a container that may be alive has one of them
 */
export async function claimPorts(tools: Tools, store: Store, record: Record): Promise<readonly Resource[]> {
  const { ports = [], resources } = record
  const owner = recordName(record.key)
  for (const port of ports) await store.claim(area, fileOf(port, owner), {})
  const waitsFor: Record[] = []
  for (const rival of await rivals(store, record)) {
    if (await hasEnded(tools, rival, true)) await evict(tools, store, rival)
    else if (!isSibling(record, rival)) throw refusal(record, rival)
    // Of two attachments that are made at once, one has to go ahead.
    else if (rival.state === 'complete' || recordName(rival.key) < owner) waitsFor.push(rival)
  }
  return without(resources, waitsFor)
}

async function evict(tools: Tools, store: Store, rival: Record): Promise<void> {
  const rules = rival.resources.filter(each => contentOf(each) !== '')
  await remove(tools, await withoutShared(store, rival, rules))
  await drop(store, rival)
}

/** The resources without the elements whose places others have. */
export function without(resources: readonly Resource[], others: readonly Record[]): readonly Resource[] {
  const theirs = placesOf(others)
  return theirs.size === 0 ? resources : resources.filter(each => !theirs.has(placeOf(each)))
}

/** The places of the records' elements. */
export const placesOf = (records: readonly Record[]): ReadonlySet<string> =>
  new Set(records.flatMap(({ resources }) => resources.map(placeOf)).filter(place => place !== ''))

/** Other attachments of the same container that claim some of the record's ports. */
export const siblingsOf = async (store: Store, record: Record): Promise<readonly Record[]> =>
  (await rivals(store, record)).filter(rival => isSibling(record, rival))

/**
 * Gives the record's ports back, before its elements go: whoever gives one of its places to it afterwards sees that it is
 * going, and whoever claims a port meanwhile drops what is left of it.
 */
export const releasePorts = (store: Store, record: Record): Promise<void> => drop(store, record)
