/** dhcp: leases of a server on the network, which a daemon asks for and keeps for as long as the container lives. */

import { CniError, code } from '../../lib/cni/error.ts'
import type { Request } from '../../lib/cni/request.ts'
import { noteUnknown } from '../../lib/cni/unknown.ts'
import { previousOf } from '../../lib/cnm/previous.ts'
import { type Answer, type Holder, type Question, resultOf } from '../../lib/ipam/dhcp.ts'
import { allKept, leaseName, linkOf, loadKept, releaseKept } from '../../lib/ipam/dhcp-leases.ts'
import type { IpamDriver, IpamPorts } from '../../lib/ipam/ipam.ts'
import { belongsTo, type Owner } from '../../lib/ipam/lease.ts'
import { underName } from '../../lib/kernel/old-name.ts'
import { tools } from '../../lib/kernel/tool.ts'
import { readOptions, socketOf } from './options.ts'

/** Milliseconds for an answer: the daemon itself gives up before, by default after 208 s. */
const deadline = 240_000

const holderOf = ({ network, containerId, ifName }: Request): Holder => ({ network, containerId, ifName })

/** Asks the daemon; undefined where none answers. Throws what it answers where that is an error. */
async function ask({ host }: IpamPorts, socket: string, question: Question): Promise<Answer | undefined> {
  if (!host.ask) {
    const remedy = 'Let the plugin "dhcp" be a link to the executable for Node.js'
    throw new CniError(code.io, `Cannot ask the DHCP daemon: this executable has no sockets. ${remedy}`)
  }
  const line = await host.ask(socket, JSON.stringify(question), deadline)
  const answer = line === undefined ? undefined : (JSON.parse(line) as Answer)
  if (answer?.error) throw new CniError(answer.error.code, answer.error.msg)
  return answer
}

/** For a question that only the daemon can answer. */
async function need(ports: IpamPorts, socket: string, question: Question, number: number): Promise<Answer> {
  const answer = await ask(ports, socket, question)
  if (answer) return answer
  const remedy = 'Start it by "systemctl start fairlead-dhcp.socket", or run "fairlead dhcp daemon"'
  throw new CniError(number, `Cannot lease an address: no DHCP daemon answers at ${socket}. ${remedy}`)
}

async function check(ports: IpamPorts, request: Request): Promise<void> {
  const question: Question = { ask: 'check', holder: holderOf(request) }
  const { lease } = await need(ports, socketOf(request), question, code.internal)
  const previous = previousOf(request)
  if (!lease || !previous || previous.ips.some(({ address }) => address === lease.address)) return
  const msg = `Cannot confirm the lease: it is of ${lease.address}, which prevResult does not have`
  throw new CniError(code.internal, `${msg}. Remove the attachment and add it again`)
}

/** Without the daemon. The client knows its interface by a name that the container may have changed. */
async function releaseAlone({ host, store }: IpamPorts, holder: Holder): Promise<void> {
  const kept = await loadKept(store, leaseName(holder))
  const end = () => releaseKept(host, store, holder)
  if (!kept) return end()
  const own = tools(host, '')
  try {
    await underName(own, kept.netns.path, linkOf(kept), end)
  } finally {
    own.end()
  }
}

async function release(ports: IpamPorts, request: Request): Promise<void> {
  const holder = holderOf(request)
  if (await ask(ports, socketOf(request), { ask: 'release', holder })) return
  await releaseAlone(ports, holder)
}

async function collect(ports: IpamPorts, request: Request, valid: readonly Owner[]): Promise<void> {
  const { network } = request
  if (await ask(ports, socketOf(request), { ask: 'collect', network, valid })) return
  for (const { holder } of await allKept(ports.store)) {
    if (holder.network !== network || valid.some(owner => belongsTo(owner, holder))) continue
    await releaseAlone(ports, holder)
  }
}

/** The driver, for use in any plugin's process. */
export const dhcp = (ports: IpamPorts): IpamDriver => ({
  requests: 'after-links',
  releases: 'before-links',
  asks: true,
  validate: request => void readOptions(request),
  async request(request) {
    const { socket, wish, priority, unknown } = readOptions(request)
    noteUnknown(ports.notes, request.conf, unknown)
    const question: Question = { ask: 'lease', holder: holderOf(request), netns: request.netns, wish }
    const { lease } = await need(ports, socket, question, code.tryAgain)
    if (!lease) throw new CniError(code.internal, `Cannot lease an address: the daemon at ${socket} gives none`)
    return { result: resultOf(lease, priority), held: [] }
  },
  release: request => release(ports, request),
  check: request => check(ports, request),
  collect: (request, valid) => collect(ports, request, valid),
  async status(request) {
    const { socket } = readOptions(request)
    await need(ports, socket, { ask: 'status' }, code.notAvailable)
  },
})
