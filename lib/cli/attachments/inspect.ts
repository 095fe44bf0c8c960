/** What this host has for containers, beside what stands. */
import { CniError, code } from '../../cni/error.ts'
import { standing } from '../../cnm/expected.ts'
import { latestRecords } from '../../cnm/latest.ts'
import { type Liveness, livenessOf } from '../../cnm/liveness.ts'
import type { Ports } from '../../cnm/ports.ts'
import { allRecords, type Record } from '../../cnm/record.ts'
import { heldBySiblings } from '../../cnm/siblings.ts'
import type { Host } from '../../host/host.ts'
import { belongs, readLease } from '../../ipam/lease.ts'
import { missing } from '../../kernel/missing.ts'
import { nameOf, type Resource } from '../../kernel/resource.ts'
import { unfulfilled } from '../../kernel/wish.ts'
import { withPorts } from '../with-ports.ts'

/** A kernel object or a file of an attachment. */
export interface Owned {
  readonly what: string
  /** The path of its network namespace; absent: the host's. */
  readonly netns?: string
  /** Others may use it too: it stays until the last of them goes, or for good. */
  readonly shared?: true
  /** What is wrong with it; absent: it stands as it was made. */
  readonly wrong?: string
}

/** An interface of a container, or what a chained plugin added to it. */
export interface Attachment {
  readonly container: string
  readonly interface: string
  readonly network: string
  readonly plugin: string
  readonly state: Record['state']
  /** The path of its sandbox, and whether that lives. */
  readonly netns: string
  readonly sandbox: Liveness
}

/** An attachment with all that it has. */
export interface Explained extends Attachment {
  readonly owned: readonly Owned[]
}

const placed = ({ netns, lifetime }: Resource) => ({
  ...(netns === null ? {} : { netns }),
  ...(lifetime === 'own' ? {} : { shared: true as const }),
})

/** What is wrong with resources of a record; a port that another attachment of its container answers for is well. */
export async function faultsOf(
  ports: Ports,
  record: Record,
  resources: readonly Resource[],
  absentNft?: Parameters<typeof missing>[2],
): Promise<ReadonlyMap<Resource, string>> {
  const isHeld = await heldBySiblings(ports.store, record)
  const absent = await missing(ports.tools(''), resources, absentNft)
  return new Map(absent.filter(each => !isHeld(each)).map(({ resource, why }) => [resource, why]))
}

/** True for what was set for the time of ADD alone: nobody has looked after it since. */
const isBrief = (resource: Resource): boolean => resource.kind === 'setting' && resource.brief === true

/** Wishes that no ADD could set are nothing that the container has. */
async function resourcesOf(ports: Ports, record: Record, resources: readonly Resource[]): Promise<readonly Owned[]> {
  const faults = await faultsOf(ports, record, resources)
  const vain = await unfulfilled(ports.tools(''), resources)
  return resources.flatMap(resource => {
    const wrong = faults.get(resource)
    if (wrong === undefined && (vain.has(resource) || isBrief(resource))) return []
    return [{ what: nameOf(resource), ...placed(resource), ...(wrong === undefined ? {} : { wrong }) }]
  })
}

async function leasesOf({ host }: Ports, { held, key }: Record): Promise<readonly Owned[]> {
  const look = async ({ directory, address }: Record['held'][number]): Promise<Owned> => {
    const found = await readLease(host, directory, address)
    const wrong = !found ? 'is absent' : belongs(found, key) ? undefined : 'is another container’s'
    return { what: `lease of ${address} in ${directory}`, ...(wrong ? { wrong } : {}) }
  }
  return Promise.all(held.map(look))
}

async function attachmentOf(ports: Ports, record: Record): Promise<Attachment> {
  const { key, state, netns } = record
  const { containerId: container, ifName, network, type: plugin } = key
  const sandbox = await livenessOf(ports.tools(''), record, false)
  return { container, interface: ifName, network, plugin, state, netns: netns.path, sandbox }
}

async function explained(ports: Ports, record: Record): Promise<Explained> {
  const attachment = await attachmentOf(ports, record)
  // A sandbox that is gone cannot be asked.
  const isSeen = ({ netns }: Resource) => netns === null || attachment.sandbox !== 'gone'
  const resources = (await standing(ports.store, record)).filter(isSeen)
  const owned = [...(await leasesOf(ports, record)), ...(await resourcesOf(ports, record, resources))]
  return { ...attachment, owned }
}

/** Runtimes put a namespace before the id, and people type its beginning. */
const isMeant = (wanted: string, { key: { containerId } }: Record): boolean =>
  containerId.startsWith(wanted) || containerId.split('-').slice(1).join('-').startsWith(wanted)

/**
 * Everything that is kept for a container, with what is wrong about it.
 *
 * @param container its id, or the beginning of it
 * @throws CniError 7 for a container that nothing is kept for, and for a beginning that several have
 */
export async function explain(host: Host, container: string): Promise<readonly Explained[]> {
  return withPorts(host, 'look at the container', async ports => {
    const records = (await allRecords(ports.store)).filter(record => isMeant(container, record))
    const ids = new Set(records.map(({ key }) => key.containerId))
    if (ids.size === 0) {
      const msg = `Cannot explain ${container}: nothing is kept for a container of that id`
      throw new CniError(code.config, `${msg}. See those that there are by: fairlead explain`)
    }
    if (ids.size > 1 && !ids.has(container)) {
      throw new CniError(
        code.config,
        `Cannot explain ${container}: several containers begin so: ${[...ids].join(', ')}`,
      )
    }
    const exact = records.filter(({ key }) => ids.size === 1 || key.containerId === container)
    const all: Explained[] = []
    for (const record of await latestRecords(ports, exact)) all.push(await explained(ports, record))
    return all
  })
}

const order = ({ container, interface: name }: Attachment): string => `${container} ${name}`

/** What is attached on this host, by containers. */
export async function attachments(host: Host): Promise<readonly Attachment[]> {
  return withPorts(host, 'look at the containers', async ports => {
    const all: Attachment[] = []
    for (const record of await allRecords(ports.store)) all.push(await attachmentOf(ports, record))
    return all.toSorted((left, right) => order(left).localeCompare(order(right)))
  })
}
