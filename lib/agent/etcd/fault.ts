/** What can go wrong with etcd, and what to do about it. */
import { Code, ConnectError } from '@connectrpc/connect'

/**
 * - `unconnected`: there was no connection, so nothing was done.
 * - `unreachable`: there is no connection any more. Whether the call was done is unknown.
 * - `overdue`: no answer in time; as `unreachable`.
 * - `token`: the member does not know our token, and has done nothing.
 * - `compacted`: the history that was asked for is gone.
 * - `contended`: others change the same key again and again.
 * - `exists`: there is such a lease already; `lost`: there is none any more.
 * - `closed`: by us.
 * - The others need somebody to act: `credentials`, `permission`, `certificate`, `file`, `refused`.
 */
export type FaultKind =
  | 'unconnected'
  | 'unreachable'
  | 'overdue'
  | 'token'
  | 'compacted'
  | 'contended'
  | 'exists'
  | 'lost'
  | 'closed'
  | 'credentials'
  | 'permission'
  | 'certificate'
  | 'file'
  | 'refused'

/** "Cannot X: why. Remedy"; never holds a secret. */
export class EtcdFault extends Error {
  readonly kind: FaultKind
  constructor(kind: FaultKind, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'EtcdFault'
    this.kind = kind
  }
}

/** Whether another member may answer what this one did not. */
export const isForAnother = ({ kind }: EtcdFault): boolean =>
  ['unconnected', 'unreachable', 'overdue', 'certificate', 'refused'].includes(kind)

/** Whether the call was not done for sure: a member did not let us in. */
export const isUndone = ({ kind }: EtcdFault): boolean => ['unconnected', 'certificate', 'token'].includes(kind)

/** Whether the call may have been done all the same. */
export const isUnknown = ({ kind }: EtcdFault): boolean => kind === 'unreachable' || kind === 'overdue'

interface Rule {
  readonly kind: FaultKind
  /** In the words of etcd's rpctypes/error.go, or of OpenSSL as Node.js passes them on. */
  readonly words: RegExp
  readonly say: (url: string, why: string) => string
}

/** The first that fits tells. */
const rules: readonly Rule[] = [
  {
    kind: 'token',
    words: /invalid auth token|revision of auth store is old|user name is empty/,
    say: url => `Cannot use etcd at ${url}: it wants a user to log in. Set user and passwordFile`,
  },
  {
    kind: 'credentials',
    words: /invalid user ID or password|user name not found/,
    say: url => `Cannot log in to etcd at ${url}: wrong user or password. Correct user and passwordFile`,
  },
  {
    kind: 'permission',
    words: /permission denied/,
    say: url => `Cannot use etcd at ${url}: permission denied. Grant the user's role "readwrite" of our prefix`,
  },
  {
    kind: 'compacted',
    words: /required revision has been compacted/,
    say: url => `Cannot go on from there with etcd at ${url}: its history was compacted`,
  },
  {
    kind: 'exists',
    words: /lease already exists/,
    say: url => `Cannot grant the lease at ${url}: there is one with this number`,
  },
  {
    kind: 'certificate',
    words: /certificate has expired/,
    say: url => `Cannot trust etcd at ${url}: its certificate has expired. Renew it on that member`,
  },
  {
    kind: 'certificate',
    words: /alert (bad certificate|certificate|unknown ca)/i,
    say: (url, why) =>
      `Cannot log in to etcd at ${url}: it does not take our certificate (${/alert [a-z ]+/i.exec(why)?.[0]}). Renew cert and keyFile`,
  },
  {
    kind: 'certificate',
    words: /self.signed certificate|unable to (get|verify)|does not match certificate|altnames|certificate/i,
    say: (url, why) => `Cannot trust etcd at ${url}: ${why.split(';', 1)[0]}. Correct ca, or the name in the endpoint`,
  },
]

/** All that an error and its causes say. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const own = error instanceof ConnectError ? error.rawMessage : error.message
  const cause = error.cause === undefined ? '' : wordsOf(error.cause)
  return own.includes(cause) ? own : `${own}: ${cause}`
}

const kinds: ReadonlyMap<Code, FaultKind> = new Map([
  [Code.Unauthenticated, 'token'],
  [Code.DeadlineExceeded, 'overdue'],
  [Code.Unavailable, 'unreachable'],
  // A stream that the connection's end took along.
  [Code.Canceled, 'unreachable'],
  [Code.Aborted, 'unreachable'],
  [Code.Internal, 'unreachable'],
  [Code.PermissionDenied, 'permission'],
])

/** What an error of a call means. */
export function faultOf(error: unknown, url: string): EtcdFault {
  if (error instanceof EtcdFault) return error
  const why = wordsOf(error)
  const rule = rules.find(({ words }) => words.test(why))
  if (rule) return new EtcdFault(rule.kind, rule.say(url, why), { cause: error })
  const { code } = ConnectError.from(error)
  const isUnconnected = /connect E[A-Z]+|getaddrinfo/.test(why)
  const kind = isUnconnected ? 'unconnected' : (kinds.get(code) ?? 'refused')
  const message =
    kind === 'refused'
      ? `Cannot use etcd at ${url}: ${why}. See etcd's own log`
      : `Cannot reach etcd at ${url}: ${why}. See that it runs, and that the endpoint is right`
  return new EtcdFault(kind, message, { cause: error })
}
