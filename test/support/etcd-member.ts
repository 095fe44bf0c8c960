/** One of three members of an etcd cluster: its process, its address 127.0.0.1 to 127.0.0.3, and how it is cut off. */
import { type ChildProcess, spawn } from 'node:child_process'
import { chownSync, mkdirSync } from 'node:fs'

/** Where they keep what they know. */
export const place = '/run/etcd'
/** A member's number, as in its address. */
export type Member = 1 | 2 | 3
export const members: readonly Member[] = [1, 2, 3]

/** Files of certificates: with them members are talked to by TLS, and want a certificate of clients. */
export interface Lock {
  readonly ca: string
  readonly cert: string
  readonly key: string
}

/** Each member is a user of its own, so that its connections to the others can be told from theirs. */
const userOf = (member: Member): number => 2_000 + member

/** For nftables: whose connection is whose, and where to cut them. */
export const rules = `add table inet cut
add chain inet cut cutting
add chain inet cut output { type filter hook output priority 0; }
${members.map(n => `add rule inet cut output meta skuid ${userOf(n)} tcp dport 2380 ct state new ct mark set ${n}`).join('\n')}
add rule inet cut output jump cutting
`

/** For nftables: cuts a member off from the others. */
export const cutRules = (n: Member): string =>
  [`ct mark ${n}`, `ip daddr 127.0.0.${n} tcp dport 2380`, `ip saddr 127.0.0.${n} tcp sport 2380`]
    .map(match => `add rule inet cut cutting ${match} drop`)
    .join('\n')

const loopback = (member: Member): string => `127.0.0.${member}`

/** What a member is started with. */
export function wordsOf(
  member: Member,
  data: string,
  addressOf: (member: Member) => string,
  scheme = 'http',
  more: Readonly<Record<string, string>> = {},
): readonly string[] {
  const [client, peer] = [`${scheme}://${addressOf(member)}:2379`, `http://${addressOf(member)}:2380`]
  const words = {
    name: `m${member}`,
    'data-dir': data,
    'listen-client-urls': client,
    'advertise-client-urls': client,
    'listen-peer-urls': peer,
    'initial-advertise-peer-urls': peer,
    'initial-cluster': members.map(n => `m${n}=http://${addressOf(n)}:2380`).join(','),
    'heartbeat-interval': '100',
    'election-timeout': '1000',
    logger: 'zap',
    'log-level': 'error',
    ...more,
  }
  return Object.entries(words).map(([name, value]) => `--${name}=${value}`)
}

/** Starts it with what it has on its disk. */
export function startMember(
  member: Member,
  scheme: string,
  lock: Lock | undefined,
  more: readonly string[],
): ChildProcess {
  const [data, uid] = [`${place}/m${member}`, userOf(member)]
  mkdirSync(place, { recursive: true })
  mkdirSync(data, { recursive: true, mode: 0o700 })
  chownSync(data, uid, uid)
  const locked = lock ? { 'trusted-ca-file': lock.ca, 'cert-file': lock.cert, 'key-file': lock.key } : {}
  const argv = wordsOf(member, data, loopback, scheme, locked)
  const as = ['--reuid', String(uid), '--regid', String(uid), '--clear-groups']
  return spawn('setpriv', [...as, 'etcd', ...argv, ...(lock ? ['--client-cert-auth'] : []), ...more], {
    stdio: 'ignore',
  })
}
