/** GC and STATUS: the operations that are about a network. */
import type { Test } from 'tap'
import { call } from '../call.ts'
import { hide, moduleFiles, pretend } from '../lacks.ts'
import { settles, stateOf } from '../state.ts'
import { trace } from '../trace.ts'
import { type Case, type Stage, silent, staged } from './stage.ts'

/** The variables that libcni leaves empty. */
export const nobody = { containerId: '', ifName: '', netns: '' }
/** The key of the attachments that are to stay. */
export const valid = 'cni.dev/valid-attachments'

/** Asserts that GC with a list spares the attachment, or frees all of it. */
export async function collect(t: Test, stage: Stage, keys: object, spares: boolean): Promise<void> {
  const { host, each, empty } = stage
  const standing = await stage.attach()
  const full = await stateOf(host)
  t.match(await call(host, 'GC', { ...each.conf, ...keys }, nobody), silent, 'it succeeds in silence')
  await settles(t, host, spares ? full : standing.before, spares ? 'it is left alone' : 'all of it is gone')
  if (spares) t.match(await standing.call('CHECK'), silent)
  await standing.del()
  await stage.leave()
  await settles(t, host, empty, 'nothing is left')
}

async function collectGone(t: Test, stage: Stage): Promise<void> {
  const { host, each } = stage
  await stage.attach()
  await host.sh('ip netns del a')
  t.match(await call(host, 'GC', { ...each.conf, [valid]: [] }, nobody), silent)
  await stage.leave()
  await stage.renew()
  await settles(t, host, stage.empty, 'nothing is left')
}

/** Registers the tests of GC. */
export function gcContract(t: Test, each: Case): void {
  t.test(`GC of ${each.name} with`, t =>
    staged(t, each, async stage => {
      const own = { containerID: stage.options.containerId, ifname: 'eth0' }
      const lists = [
        ['no list', {}, true],
        ['a list that names it', { [valid]: [own] }, true],
        ['a list that names it, under the former key', { 'cni.dev/attachments': [own] }, true],
        ['another network’s empty list', { [valid]: [], name: 'net9' }, true],
        ['an empty list', { [valid]: [] }, false],
        ['a list of null', { [valid]: null }, false],
        ['only its other interface valid', { [valid]: [{ ...own, ifname: 'eth1' }] }, false],
      ] as const
      for (const [name, keys, spares] of lists) await t.test(name, t => collect(t, stage, keys, spares))
      await t.test('an empty list, the sandbox gone', t => collectGone(t, stage))
    }),
  )
}

/** Registers the tests of STATUS. */
export function statusContract(t: Test, each: Case): void {
  t.test(`STATUS of ${each.name} is silent on a host that can serve, and changes nothing of it`, t =>
    staged(t, each, async ({ host }) => {
      const { files: _, ...before } = await trace(host)
      t.match(await call(host, 'STATUS', each.conf, nobody), silent)
      t.match(await trace(host), before)
    }),
  )
  for (const tool of each.tools) {
    t.test(`STATUS of ${each.name} without ${tool} is 50 and names it`, t =>
      staged(t, each, async ({ host }) => {
        await hide(host, tool)
        const error = { code: 50, msg: new RegExp(`\\b${tool} is not installed`) }
        t.match(await call(host, 'STATUS', each.conf, nobody), { code: 1, error })
      }),
    )
  }
  for (const module of each.modules) {
    t.test(`STATUS of ${each.name} on a kernel without ${module} is 50 and names it`, t =>
      staged(t, each, async ({ host }) => {
        const others = each.modules.filter(name => name !== module)
        await pretend(host, { 'modules.builtin': moduleFiles(others), 'modules.dep': '' })
        const error = { code: 50, msg: new RegExp(`no module ${module}\\b`) }
        t.match(await call(host, 'STATUS', each.conf, nobody), { code: 1, error })
      }),
    )
  }
}
