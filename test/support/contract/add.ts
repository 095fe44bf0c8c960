/** ADD again, ADD where it cannot be, and what a configuration may not have. */
import type { Test } from 'tap'
import { call, must } from '../call.ts'
import { settles, stateOf } from '../state.ts'
import { type Case, type Stage, silent, staged } from './stage.ts'

const addressesOf = (result: { ips?: readonly { address: string }[] }) => (result.ips ?? []).map(ip => ip.address)

/** A second ADD of an interface plugin is an error while the sandbox lives. */
async function refuseSecond(t: Test, stage: Stage): Promise<void> {
  const { host, options } = stage
  const standing = await stage.attach()
  const before = await stateOf(host)
  t.match(await call(host, 'ADD', standing.conf, options), { code: 1, error: { code: 4, msg: /DEL/ } })
  await settles(t, host, before, 'the attachment stands')
  t.match(await standing.call('CHECK'), silent, 'and is whole')
  await standing.del()
  await settles(t, host, stage.empty, 'nothing is left after one DEL')
}

/** A chained plugin does its work anew. */
async function repeat(t: Test, stage: Stage): Promise<void> {
  const { host, options } = stage
  const standing = await stage.attach()
  await must(host, 'ADD', standing.conf, options)
  t.match(await standing.call('CHECK'), silent)
  await standing.del()
  await settles(t, host, standing.before, 'nothing is left after one DEL')
}

async function replace(t: Test, stage: Stage): Promise<void> {
  const { host, each, options } = stage
  const first = await stage.attach()
  await stage.renew()
  const second = await stage.attach()
  t.same(addressesOf(second.result), addressesOf(first.result), 'it keeps its addresses')
  t.match(await second.call('CHECK'), silent)
  await second.del()
  await stage.leave()
  await settles(t, host, stage.empty, 'nothing is left after one DEL')
  await must(host, 'DEL', each.conf, options)
}

async function refuseTaken(t: Test, stage: Stage): Promise<void> {
  const { host, each, options } = stage
  await host.sh('ip -n a link add eth0 type bridge')
  const before = await stateOf(host)
  t.match(await call(host, 'ADD', each.conf, options), { code: 1, error: { code: 4, msg: /eth0/ } })
  await settles(t, host, before, 'that interface is left, and nothing else')
}

async function judgeUnknown(t: Test, stage: Stage): Promise<void> {
  const { host, options } = stage
  const standing = await stage.attach()
  await standing.del()
  const odd = { ...standing.conf, colour: 'blue' }
  t.match(await call(host, 'ADD', odd, options), { code: 0, stderr: '' }, 'it passes')
  t.match(await standing.call('DEL', { colour: 'blue' }), silent)
  const refused = { code: 1, error: { code: 7, msg: /colour/ } }
  t.match(await call(host, 'ADD', { ...odd, strict: true }, options), refused, 'it is refused where it is strict')
  await settles(t, host, standing.before, 'nothing is left')
  t.match(await call(host, 'ADD', { ...standing.conf, strict: true }, options), { code: 0 }, 'its own keys pass')
  await standing.del()
}

/** Registers the tests of ADD. */
export function addContract(t: Test, each: Case): void {
  if (each.before) {
    t.test(`ADD of ${each.name} over its own work does it anew`, t => staged(t, each, stage => repeat(t, stage)))
  } else {
    t.test(`ADD of ${each.name} over a living attachment is an error and changes nothing`, t =>
      staged(t, each, stage => refuseSecond(t, stage)),
    )
    t.test(`ADD of ${each.name} to an interface name that the sandbox has is an error`, t =>
      staged(t, each, stage => refuseTaken(t, stage)),
    )
    t.test(`ADD of ${each.name} over an attachment whose sandbox is gone takes its place`, t =>
      staged(t, each, stage => replace(t, stage)),
    )
  }
  t.test(`ADD of ${each.name} with an unknown key`, t => staged(t, each, stage => judgeUnknown(t, stage)))
}
