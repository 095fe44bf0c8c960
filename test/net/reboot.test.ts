import t from 'tap'
import { type Conf, call, must } from '../support/call.ts'
import { type Host, withHost } from '../support/host.ts'
import { reboot } from '../support/reboot.ts'
import { addressOf, leaseDirectory, leases, smallRange, writeLease } from '../support/small-range.ts'

const conf = smallRange(5)

/** Three attachments, and a boot after which nothing of them stands but files. */
async function attachThreeAndReboot(host: Host): Promise<readonly Answered[]> {
  const results: Answered[] = []
  for (const name of ['a', 'b', 'c']) results.push(await must(host, 'ADD', conf, { netns: await host.sandbox(name) }))
  await reboot(host)
  return results
}

interface Answered {
  readonly ips: readonly { readonly address: string }[]
  readonly interfaces: readonly { readonly mac: string }[]
}

const identity = (result: Answered) => ({ address: addressOf(result), mac: result.interfaces[2]?.mac })

/** Files of an earlier boot: attachments, claims, shared addresses. */
async function oldState(host: Host): Promise<readonly string[]> {
  const names = Object.keys(await host.files()).filter(path => path.startsWith('/var/lib/cni/fairlead/'))
  // What an attachment had is remembered for its next ADD; nothing of it is held.
  return names.filter(path => !path.endsWith('/boot') && !path.includes('/remembered/'))
}

const collect: Conf = { ...conf, 'cni.dev/valid-attachments': [{ containerID: 'other', ifname: 'eth0' }] }

for (const [operation, conf2] of [
  ['DEL', conf],
  ['GC', collect],
] as const) {
  t.test(`the first ${operation} after a reboot sweeps the records, leases and claims of earlier boots`, t =>
    withHost(t, async host => {
      await attachThreeAndReboot(host)
      await host.sh('mkdir -p /var/lib/cni/fairlead/claims && echo {} > /var/lib/cni/fairlead/claims/old.0')
      await host.sh('touch -d "1 hour ago" /var/lib/cni/fairlead/claims/old.0')
      await must(host, operation, conf2, { containerId: 'other' })
      t.same(await oldState(host), [])
      t.same(await leases(host), {})
    }),
  )
}

t.test('the first ADD after a reboot sweeps earlier boots, and keeps what belongs to this one', t =>
  withHost(t, async host => {
    await attachThreeAndReboot(host)
    await must(host, 'ADD', conf, { netns: await host.sandbox('d') })
    t.same(Object.values(await leases(host)), ['d'])
    await must(host, 'ADD', conf, { netns: await host.sandbox('e') })
    t.same(Object.values(await leases(host)).sort(), ['d', 'e'], 'the second sweeps nothing')
  }),
)

const rows = [
  { what: 'its lease is still its own', before: async () => undefined },
  { what: 'its lease is free', before: (host: Host, address: string) => host.sh(`rm ${leaseDirectory}/${address}`) },
]

for (const { what, before } of rows) {
  t.test(`a container keeps its address and MAC over a reboot where ${what}`, t =>
    withHost(t, async host => {
      const [, old] = await attachThreeAndReboot(host)
      if (!old) throw new Error('nothing attached')
      await before(host, addressOf(old))
      const now = await must(host, 'ADD', conf, { netns: await host.sandbox('b') })
      t.same(identity(now), identity(old))
      t.same(await leases(host), { [addressOf(old)]: 'b' })
    }),
  )
}

t.test('a container gets another address after a reboot where somebody else holds its own', t =>
  withHost(t, async host => {
    const [, old] = await attachThreeAndReboot(host)
    if (!old) throw new Error('nothing attached')
    await writeLease(host, addressOf(old), 'other\r\neth0', 'now')
    const now = await must(host, 'ADD', conf, { netns: await host.sandbox('b') })
    t.not(addressOf(now), addressOf(old))
    t.same(await leases(host), { [addressOf(old)]: 'other', [addressOf(now)]: 'b' })
  }),
)

t.test('every container keeps its address over a reboot, in whatever order they come back', t =>
  withHost(t, async host => {
    const before = await attachThreeAndReboot(host)
    const after: Record<string, Answered> = {}
    for (const name of ['c', 'a', 'b']) {
      const { result, stdout } = await call(host, 'ADD', conf, { netns: await host.sandbox(name) })
      t.ok(result, stdout)
      after[name] = result
    }
    t.same(
      Object.keys(after)
        .sort()
        .map(name => after[name] && identity(after[name])),
      before.map(identity),
    )
  }),
)
