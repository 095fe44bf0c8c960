/** Encrypted networks of this host: what the kernel, the other hosts, and plugins have to know of them. */
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as pauseFor } from 'node:timers/promises'
import { isEncryptionWanted, tellEncryption } from '../../../../plugins/vxlan-overlay/control-plane/encryption.ts'
import type { Ports } from '../../../cnm/ports.ts'
import { tunnelsInUse, tunnelsPlace } from '../../../cnm/remotes.ts'
import { digest } from '../../../host/digest.ts'
import { bootId } from '../../../store/boot.ts'
import { stateDirectory } from '../../../store/layout.ts'
import type { Agent } from '../agent.ts'
import { blocksOfNode } from '../claims.ts'
import type { Cluster } from '../cluster.ts'
import { type Cipher, keys } from '../keys.ts'
import { log } from '../log.ts'
import type { Network } from '../network.ts'
import type { Self } from '../node.ts'
import { apply } from './apply.ts'
import { dropJournal } from './journal.ts'
import { known, lacks, tell } from './kernel.ts'
import { needEpochs, rotateInTime } from './rotate.ts'
import { silentIn } from './silent.ts'
import { deletePolicy, deleteState } from './text.ts'

/** What the agent remembers from one look to the next. */
export interface Memory {
  /** The kernel was asked: why it cannot; empty where it can. */
  lacks: string | undefined
  /** What the kernel was last brought in step with. */
  applied: string
  readonly strays: Map<string, number>
}

export const newMemory = (): Memory => ({ lacks: undefined, applied: '', strays: new Map() })

interface Now {
  readonly cluster: Cluster
  readonly self: Self
  readonly whole: boolean
}

const journalOf = ({ config }: Agent): string => `${dirname(config.socket)}/esp.json`

/** Tells the other hosts how this one encrypts, if they do not know; true where it has another nonce than they knew. */
async function publish({ etcd }: Agent, { cluster, self }: Now, cipher: Cipher | undefined): Promise<boolean> {
  const before = cluster.ciphers.get(self.id)
  if (JSON.stringify(before) === JSON.stringify(cipher)) return false
  if (cipher) await etcd.put(keys.cipher(self.id), JSON.stringify(cipher))
  else await etcd.transact([], [{ remove: keys.cipher(self.id) }])
  return before?.nonce !== cipher?.nonce
}

/** Nothing of this host needs it: what is there goes, and the nonce with it, for its states will never be made again. */
async function rest(agent: Agent, ports: Ports, now: Now, cipher: Cipher | undefined): Promise<void> {
  await publish(agent, now, cipher)
  agent.encryption.applied = ''
  const path = journalOf(agent)
  if (!existsSync(path)) return
  const tools = ports.tools('')
  const { states, policies } = await known(tools)
  await tell(tools, 'remove what is over', [...policies.map(deletePolicy), ...states.map(deleteState)])
  dropJournal(path)
  log('encryption', { what: 'over: no container of this host needs it' })
}

/** Has the kernel encrypt for all nodes that do, what is for these UDP ports. */
async function keep(agent: Agent, ports: Ports, used: readonly number[], now: Now): Promise<void> {
  const { cluster, self, whole } = now
  const epochs = await needEpochs(agent.etcd, cluster)
  await rotateInTime(agent, cluster)
  const peers = [...cluster.ciphers].flatMap(([id, { nonce }]) => {
    const address = cluster.nodes.get(id)?.address
    return id === self.id || nonce === undefined || address === undefined ? [] : [{ address, nonce }]
  })
  const situation = { address: self.address, peers, epochs, ports: [...new Set(used)] }
  // Secrets are part of it: what is remembered tells nothing of them.
  const mark = digest(32, JSON.stringify(situation), cluster.ciphers.get(self.id)?.nonce ?? '')
  const memory = agent.encryption
  if (!whole && mark === memory.applied) return
  const repaired = await apply({
    tools: ports.tools(''),
    path: journalOf(agent),
    boot: await bootId(ports.host),
    situation,
    strays: memory.strays,
    now: Date.now,
    pause: pauseFor,
    publish: (nonce, ready) => publish(agent, now, { nonce, ready }),
  })
  if (mark === memory.applied) agent.repairs += repaired
  memory.applied = mark
}

/** Why this host cannot encrypt; undefined where it can. */
async function lackingHere({ encryption }: Agent, ports: Ports, { self, whole }: Now): Promise<string | undefined> {
  const isKnown = encryption.lacks === '' || (encryption.lacks !== undefined && !whole)
  if (!isKnown) encryption.lacks = (await lacks(ports.tools(''), self.address)) ?? ''
  return encryption.lacks || undefined
}

/**
 * Looks after encrypted networks.
 *
 * @returns the networks that this host can take part in: without encryption, no more of one that has it
 * @throws KernelError, EtcdFault, ClaimError; none has a key in it
 */
export async function encrypt(
  agent: Agent,
  ports: Ports,
  networks: readonly Network[],
  now: Now,
): Promise<readonly Network[]> {
  const { cluster, self } = now
  const ours = networks.filter(({ declared }) => declared.encrypted)
  // A file that is gone for a moment, or torn, takes nothing from containers that are there.
  const isUsed = ours.length > 0 || existsSync(journalOf(agent))
  const tunnels = isUsed ? (await tunnelsInUse(ports.store)).filter(({ encrypted }) => encrypted) : []
  if (ours.length + tunnels.length === 0) {
    await tellEncryption(ports.store, undefined)
    await rest(agent, ports, now, undefined)
    return networks
  }
  await agent.attend(`${stateDirectory(ports.host)}/${tunnelsPlace}`)
  const lacking = await lackingHere(agent, ports, now)
  const ready = !lacking && (await isEncryptionWanted(ports, tunnels.length > 0))
  const used = [...ours.map(({ declared }) => declared.port), ...tunnels.map(({ port }) => port)]
  if (ready) await keep(agent, ports, used, now)
  else await rest(agent, ports, now, lacking ? { lacks: lacking } : {})
  const silent = silentIn(cluster, self, ours)
  for (const [network, names] of Object.entries(silent))
    agent.faults.set(
      `encryption of ${network}`,
      `Cannot encrypt for ${names.join(' and ')}: nothing goes there. See the log of its agent`,
    )
  await tellEncryption(ports.store, {
    boot: await bootId(ports.host),
    ready,
    ...(lacking ? { lacks: lacking } : {}),
    silent,
  })
  if (!lacking) return networks
  agent.faults.set('encryption', `Cannot use encrypted networks: ${lacking}`)
  const isOurs = ({ name }: Network) => blocksOfNode(cluster, name, self.id).length > 0
  return networks.filter(each => !ours.includes(each) || isOurs(each))
}
