/** Which IPAM serves a request: a driver of ours in this process, or whatever executable CNI_PATH leads to. */
import { CniError, code } from '../cni/error.ts'
import { pickObject, pickString } from '../cni/json.ts'
import type { Request } from '../cni/request.ts'
import { findPlugin, foreignIpam } from '../ipam/foreign.ts'
import type { IpamDriver, IpamPorts } from '../ipam/ipam.ts'
import { bootTime } from '../store/boot.ts'
import { livenessOf, teardown } from './liveness.ts'
import type { Key } from './names.ts'
import type { Ports } from './ports.ts'
import { type Record, recordsOf } from './record.ts'

/** An IPAM driver, and how a record names it. */
export interface Ipam {
  readonly type: string
  readonly own: boolean
  readonly driver: IpamDriver
}

/**
 * The ports of our own IPAM drivers: they judge a lease by the record of its owner, or by its age. For a namespace that the
 * kernel is just clearing away they wait, but not for each of many.
 */
export function ipamPorts(ports: Ports): IpamPorts {
  const { host, store, notes } = ports
  let deadline: number | undefined
  return {
    host,
    store,
    notes,
    async isAbandoned(network, { owner, stat }) {
      const records = (await recordsOf(store, network)).filter(({ key }) => isOwner(key, owner))
      // Without a record it is the lease of another plugin: only a reboot proves that it is nobody's.
      if (records.length === 0) return stat.modified < (await bootTime(host))
      deadline ??= host.now() + teardown
      const patient = host.now() < deadline
      const judged = await Promise.all(records.map(record => livenessOf(ports.tools(''), record, patient)))
      return judged.every(liveness => liveness === 'gone')
    },
  }
}

const isOwner = (key: Key, owner: { containerId: string; ifName: string } | undefined): boolean =>
  key.containerId === owner?.containerId && (owner.ifName === '' || key.ifName === owner.ifName)

/** Whether a file is the executable that we run as, under whatever name. */
async function isOurs(ports: Ports, file: string): Promise<boolean> {
  const [there, self] = [await ports.host.files.stat(file), await ports.host.files.stat(ports.host.executable)]
  return there !== undefined && there.device === self?.device && there.inode === self.inode
}

/** The type of the configuration's IPAM; empty where it has none. */
export const ipamType = (request: Request): string => pickString(pickObject(request.conf, 'ipam'), 'type') ?? ''

async function catalogued(ports: Ports, type: string): Promise<IpamDriver | undefined> {
  const { ipam } = ports.catalogue
  const factory = Object.hasOwn(ipam, type) ? await ipam[type]?.() : undefined
  return factory?.(ipamPorts(ports))
}

async function ownDriver(ports: Ports, type: string): Promise<Ipam | undefined> {
  const driver = await catalogued(ports, type)
  return driver && (!driver.asks || ports.host.ask) ? { type, own: true, driver } : undefined
}

/** Whose a plugin is: `ours`, of the executable that we run as, or of another build of the suite. */
type Maker = 'ours' | 'suite' | 'foreign'

async function makerOf(ports: Ports, file: string): Promise<Maker> {
  if (await isOurs(ports, file)) return 'ours'
  return /(^|\/)fairlead(-native)?$/.test((await ports.host.files.readlink(file)) ?? '') ? 'suite' : 'foreign'
}

/** True for a plugin of the suite that is no IPAM plugin: called as one, it would call itself, and that one again. */
const isNoIpam = (ports: Ports, type: string, maker: Maker): boolean =>
  maker !== 'foreign' && !Object.hasOwn(ports.catalogue.ipam, type)

/** Calls the executable; where that is one of the suite, what makes no sense is refused before there is any work. */
async function byProcess(ports: Ports, type: string, file: string, maker: Maker): Promise<IpamDriver> {
  const driver = foreignIpam(ports.host, type, file)
  const { validate } = (maker === 'foreign' ? undefined : await catalogued(ports, type)) ?? {}
  return validate ? { ...driver, validate } : driver
}

/**
 * The IPAM that the configuration names; undefined for none. One that is none has given no addresses that DEL could take
 * back.
 *
 * @throws CniError 7 where the plugin cannot be found, or is an interface or chained plugin of ours
 */
export async function chooseIpam(ports: Ports, request: Request): Promise<Ipam | undefined> {
  const type = ipamType(request)
  if (type === '') return undefined
  const file = await findPlugin(ports.host, type, request.path)
  const maker = await makerOf(ports, file)
  if (isNoIpam(ports, type, maker)) {
    if (request.operation === 'DEL') return undefined
    const msg = `Cannot use "${type}" as "ipam.type": ${type} is no IPAM plugin, it gives no addresses`
    throw new CniError(code.config, `${msg}. Set it to one, such as "host-local"`)
  }
  const own = maker === 'ours' ? await ownDriver(ports, type) : undefined
  return own ?? { type, own: false, driver: await byProcess(ports, type, file, maker) }
}

/** The IPAM that an endpoint was added with, whatever the configuration says today. */
export async function ipamOf(ports: Ports, record: Record, request: Request): Promise<Ipam | undefined> {
  if (!record.ipam) return undefined
  const { type, own } = record.ipam
  const ours = own ? await ownDriver(ports, type) : undefined
  if (ours) return ours
  const file = await findPlugin(ports.host, type, request.path)
  if (isNoIpam(ports, type, await makerOf(ports, file))) return undefined
  return { type, own: false, driver: foreignIpam(ports.host, type, file) }
}
