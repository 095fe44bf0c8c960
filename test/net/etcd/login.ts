/** Certificates, users, passwords and tokens: what lets us in, and what is said when it does not. */
import { chmodSync, writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { EtcdOptions } from '../../../lib/agent/etcd/options.ts'
import { counted } from '../../support/counting.ts'
import { openFor } from '../../support/etcd.ts'
import { members } from '../../support/etcd-member.ts'
import { startLocked } from '../../support/locked-etcd.ts'
import { makePki } from '../../support/pki.ts'
import { slowness } from '../../support/slowness.ts'
import { until } from '../../support/until.ts'

const { place, pki, cluster, password, passwordFile, named, options } = await startLocked()

/** A reading fails, and what it says has no secret in it. */
async function refused(t: Test, more: EtcdOptions, kind: string, words: RegExp): Promise<void> {
  const error = await openFor(t, more)
    .get('a')
    .then(
      () => undefined,
      error => error,
    )
  t.match(error, { kind, message: words })
  t.notMatch(JSON.stringify([error.message, error.stack, String(error.cause)]), password)
  t.comment(error.message)
}

t.test('certificate, user and password let in, and a killed member changes nothing', async t => {
  const run = await counted(t, { ...cluster, options }, undefined, options)
  const watched = run.member()
  await cluster.kill(watched)
  t.ok((await run.check('TLS and password, watched member killed')) < 1_500 * slowness)
  cluster.start(watched)
  await cluster.ready()
})

t.test('a token that has expired is renewed', async t => {
  const etcd = openFor(t, options)
  const following = etcd.follow('node/', () => {})
  await following.listed
  await pause(5_000)
  await etcd.put('node/a', '1')
  t.ok(await until(async () => following.entries.get('node/a')), 'for a call, and a watch that stands goes on')
  await Promise.all(members.map(member => cluster.kill(member)))
  for (const member of members) cluster.start(member)
  await cluster.ready()
  await etcd.put('node/b', '1')
  t.ok(await until(async () => following.entries.get('node/b'), 10_000), 'for a watch that stands anew')
  t.equal(following.lists, 1)
})

t.test('the name in a certificate lets in without a password', async t => {
  const etcd = openFor(t, named)
  await etcd.put('node/c', '1')
  t.equal((await etcd.get('node/c'))?.value, '1')
  const lease = etcd.keepLease(5, () => {})
  t.ok(await until(async () => lease.id))
})

t.test('a follower with a wrong password says so, and is let in when it is corrected', async t => {
  const path = `${place}/corrected`
  writeFileSync(path, 'wrong', { mode: 0o600 })
  const wrong = { ...options, passwordFile: path }
  await refused(
    t,
    wrong,
    'credentials',
    /^Cannot log in to etcd at \S+: wrong user or password\. Correct user and passwordFile$/,
  )
  const following = openFor(t, wrong).follow('node/', () => {})
  await until(async () => following.health.fault)
  t.equal(following.health.fault?.why.kind, 'credentials')
  writeFileSync(path, password)
  await until(async () => following.health.since)
  t.ok(following.health.since)
})

t.test('what is wrong is named', async t => {
  await refused(t, { ...options, user: 'nobody' }, 'credentials', /wrong user or password/)
  await refused(t, { ...options, prefix: '/other/' }, 'permission', /permission denied\. Grant the user's role/)
  const { cert: _, keyFile: __, ...without } = options
  await refused(t, without, 'certificate', /does not take our certificate/)
  const { ca: ___, ...untrusting } = options
  await refused(t, untrusting, 'certificate', /Cannot trust etcd at .* Correct ca/)
  const stranger = await (await makePki(place, 'stranger')).issue('agent')
  await refused(t, { ...options, cert: stranger.cert, keyFile: stranger.key }, 'certificate', /does not take our cert/)
  await refused(
    t,
    { ...options, endpoints: ['https://127.0.0.4:2379'] },
    'unconnected',
    /ECONNREFUSED.*endpoint is right/,
  )
  await refused(
    t,
    { ...options, endpoints: ['https://localhost:2379'] },
    'certificate',
    /localhost.*, or the name in the endpoint/,
  )
  const old = await pki.issue('old', -1)
  await refused(t, { ...options, cert: old.cert, keyFile: old.key }, 'certificate', /old.crt: it expired on .*Renew it/)
  chmodSync(passwordFile, 0o640)
  await refused(t, options, 'file', /others may read it \(mode 0640\)\. Run chmod 0600/)
  chmodSync(passwordFile, 0o600)
})

t.test('a member whose certificate has expired is not trusted', async t => {
  await Promise.all(members.map(member => cluster.kill(member)))
  const old = await pki.issue('server', -1)
  chmodSync(old.key, 0o644)
  for (const member of members) cluster.start(member)
  await pause(1_000)
  await until(async () => {
    const error = await openFor(t, options)
      .get('a')
      .catch(error => error)
    return error.kind === 'certificate' ? true : undefined
  }, 10_000)
  await refused(t, options, 'certificate', /its certificate has expired\. Renew it on that member/)
})

t.teardown(() => Promise.all(members.map(member => cluster.kill(member))))
