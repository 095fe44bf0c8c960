/** A cluster that lets in whom it knows: by a certificate, and by a user with a password or the name in the certificate. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import type { EtcdOptions } from '../../lib/agent/etcd/options.ts'
import { type Cluster, startCluster } from './etcd.ts'
import { makePki, type Pki } from './pki.ts'

const place = '/run/pki'
/** Of the user `node`, who may read and write under our prefix. */
const password = 's3cret-Passw0rd'

/** As etcdctl has them. */
const commands = [
  'user add root:unused',
  'user grant-role root root',
  'role add agent',
  'role grant-permission agent readwrite --prefix=true /fairlead/v1/',
  `user add node:${password}`,
  'user grant-role node agent',
  'user add agent:unused',
  'user grant-role agent agent',
  'auth enable',
]

export interface Locked {
  readonly place: string
  readonly pki: Pki
  readonly cluster: Cluster
  readonly password: string
  readonly passwordFile: string
  /** With a certificate of the name `agent`, who may do the same. */
  readonly named: EtcdOptions
  /** With that certificate, and the user `node`. */
  readonly options: EtcdOptions
}

/** Starts it; tokens are good for two seconds. */
export async function startLocked(): Promise<Locked> {
  mkdirSync(place)
  const pki = await makePki(place)
  const server = await pki.issue('server')
  // The members are users of their own.
  chmodSync(server.key, 0o644)
  const [root, agent] = [await pki.issue('root'), await pki.issue('agent')]
  const passwordFile = `${place}/password`
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 })
  const asRoot = ['--cacert', pki.ca, '--cert', root.cert, '--key', root.key]
  const cluster = await startCluster({ ca: pki.ca, ...server }, asRoot, ['--auth-token-ttl', '2'])
  for (const words of commands) await cluster.ctl(...words.split(' '))
  const named = { ...cluster.options, ca: pki.ca, cert: agent.cert, keyFile: agent.key }
  return { place, pki, cluster, password, passwordFile, named, options: { ...named, user: 'node', passwordFile } }
}
