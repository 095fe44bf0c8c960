import { Code, ConnectError } from '@connectrpc/connect'
import t from 'tap'
import { EtcdFault, faultOf, isForAnother, isUndone, isUnknown } from '../../../../lib/agent/etcd/fault.ts'

const tls = (message: string) =>
  new ConnectError('unavailable', Code.Unavailable, undefined, undefined, new Error(message))

const rows: readonly (readonly [unknown, string, RegExp])[] = [
  [new ConnectError('etcdserver: invalid auth token', Code.Unauthenticated), 'token', /Set user and passwordFile/],
  [new ConnectError('etcdserver: revision of auth store is old', Code.InvalidArgument), 'token', /./],
  [new ConnectError('etcdserver: user name is empty', Code.InvalidArgument), 'token', /wants a user/],
  [new ConnectError('anything', Code.Unauthenticated), 'token', /./],
  [
    new ConnectError('etcdserver: authentication failed, invalid user ID or password', Code.InvalidArgument),
    'credentials',
    /^Cannot log in to etcd at https:\/\/m: wrong user or password\. Correct user and passwordFile$/,
  ],
  [new ConnectError('etcdserver: permission denied', Code.PermissionDenied), 'permission', /Grant the user's role/],
  [
    new ConnectError('etcdserver: mvcc: required revision has been compacted', Code.OutOfRange),
    'compacted',
    /its history was compacted/,
  ],
  [new ConnectError('etcdserver: no leader', Code.Unavailable), 'unreachable', /Cannot reach .* no leader\. See that/],
  [new ConnectError('etcdserver: request timed out', Code.Unavailable), 'unreachable', /timed out/],
  [new ConnectError('the operation timed out', Code.DeadlineExceeded), 'overdue', /Cannot reach/],
  [new ConnectError('connect ECONNREFUSED 10.0.0.1:2379', Code.Unavailable), 'unconnected', /Cannot reach .* See that/],
  [new ConnectError('getaddrinfo ENOTFOUND m', Code.Unavailable), 'unconnected', /Cannot reach/],
  [new ConnectError('http/2 stream closed', Code.Canceled), 'unreachable', /Cannot reach/],
  [new ConnectError('etcdserver: mvcc: database space exceeded', Code.ResourceExhausted), 'refused', /etcd's own log/],
  [new ConnectError('etcdserver: lease already exists', Code.FailedPrecondition), 'exists', /./],
  [tls('certificate has expired'), 'certificate', /its certificate has expired\. Renew it on that member/],
  [
    tls('ssl/tls alert bad certificate:../deps/x.c:918'),
    'certificate',
    /our certificate \(alert bad certificate\)\. Renew/,
  ],
  [tls('self-signed certificate in certificate chain'), 'certificate', /Cannot trust .* Correct ca/],
  [tls('unable to verify the first certificate; try this'), 'certificate', /the first certificate\. Correct ca/],
  [new Error('anything'), 'refused', /anything/],
  ['text', 'refused', /text/],
]
for (const [error, kind, words] of rows) {
  t.test(`${String(error)} is ${kind}`, async t => {
    t.match(faultOf(error, 'https://m'), { kind, message: words })
  })
}

t.test('a fault stays what it is', async t => {
  const fault = new EtcdFault('file', 'Cannot read it')
  t.equal(faultOf(fault, 'https://m'), fault)
})

t.test('another member is asked what this one could not answer, not what all will refuse', async t => {
  const kinds = [
    'unconnected',
    'unreachable',
    'overdue',
    'certificate',
    'refused',
    'token',
    'credentials',
    'permission',
    'file',
  ] as const
  const faults = kinds.map(kind => new EtcdFault(kind, ''))
  t.same(faults.map(isForAnother), [true, true, true, true, true, false, false, false, false])
  t.same(faults.map(isUndone), [true, false, false, true, false, true, false, false, false])
  t.same(faults.map(isUnknown), [false, true, true, false, false, false, false, false, false])
})
