import t, { type Test } from 'tap'
import { type Answer, type Conf, call, must } from '../support/call.ts'
import { type Host, type Sandbox, withHost } from '../support/host.ts'
import { beforeBoot, reboot } from '../support/reboot.ts'
import { addressesOf, addressOf, leases, smallRange, writeLease } from '../support/small-range.ts'
import { until } from '../support/until.ts'

const size = 4
const reclaimers = 8
const bridge = smallRange(size)
const standAlone = { ...bridge, type: 'host-local' }

const ids = (kind: string, round: number, count: number) =>
  Array.from({ length: count }, (_, n) => `${kind}${round}-${n}`)

/** A GC that spares the newcomers, and nobody else. */
const sparing = (conf: Conf, names: readonly string[]): Conf => ({
  ...conf,
  'cni.dev/valid-attachments': names.map(containerID => ({ containerID, ifname: 'eth0' })),
})

interface Race {
  readonly conf: Conf
  readonly dead: readonly string[]
  readonly fresh: readonly string[]
  netns(name: string): Sandbox
}

/** Newcomers find a range full of the dead's leases, while each of the dead gets its DEL and GC comes twice. */
async function race(host: Host, { conf, dead, fresh, netns }: Race): Promise<readonly Answer[]> {
  const adds = fresh.map(containerId => call(host, 'ADD', conf, { containerId, netns: netns(containerId) }))
  const others = [
    ...dead.map(containerId => call(host, 'DEL', conf, { containerId })),
    ...[0, 1].map(() => call(host, 'GC', sparing(conf, fresh))),
  ]
  const answers = await Promise.all(adds)
  for (const { code, stdout } of await Promise.all(others))
    if (code !== 0) throw new Error(`beside the race: ${stdout}`)
  return answers
}

/** Every address has one owner, and who has none was told to try again. */
async function judge(t: Test, host: Host, answers: readonly Answer[], fresh: readonly string[]): Promise<void> {
  const given = answers.flatMap(({ result }, n) => (result ? [[addressOf(result), fresh[n]] as const] : []))
  t.equal(new Set(given.map(([address]) => address)).size, given.length, 'no address is given twice')
  t.same(await leases(host), Object.fromEntries(given), 'the lease files say the same')
  const refused = answers.filter(({ result }) => !result).map(({ error }) => error?.code)
  t.same(refused, Array(reclaimers - given.length).fill(11), 'who gets none may try again')
}

/** Whoever was refused tries once more, one after the other: what the race left over is theirs. */
async function again(host: Host, { conf, fresh, netns }: Race, answers: readonly Answer[]): Promise<readonly Answer[]> {
  const second: Answer[] = []
  for (const [n, answer] of answers.entries()) {
    const containerId = fresh[n] ?? ''
    second.push(answer.result ? answer : await call(host, 'ADD', conf, { containerId, netns: netns(containerId) }))
  }
  return second
}

/** One round, after which all addresses are leased, and then all are given back. */
async function runRound(t: Test, host: Host, round: Race): Promise<void> {
  const { conf, fresh, netns } = round
  const answers = await race(host, round)
  await judge(t, host, answers, fresh)
  await judge(t, host, await again(host, round, answers), fresh)
  t.same(Object.keys(await leases(host)), addressesOf(size), 'every address is given in the end')
  await Promise.all(fresh.map(containerId => must(host, 'DEL', conf, { containerId, netns: netns(containerId) })))
  t.same(await leases(host), {}, 'all are given back')
}

const claims = (host: Host) => host.sh('ls /var/lib/cni/fairlead/claims 2>/dev/null || true')

t.test('eight reclaimers that race with DELs and GCs never get one address twice', t =>
  withHost(t, async host => {
    await reboot(host)
    const sandbox = await host.sandbox('a')
    for (let round = 0; round < 8; round++) {
      const [dead, fresh] = [ids('dead', round, size), ids('new', round, reclaimers)]
      for (const [n, address] of addressesOf(size).entries()) {
        await writeLease(host, address, `${dead[n]}\r\neth0`, beforeBoot)
      }
      await runRound(t, host, { conf: standAlone, dead, fresh, netns: () => sandbox })
    }
    t.equal(await claims(host), '', 'no claim is left')
  }),
)

t.test('eight attachments that race for the addresses of removed containers never get one twice', t =>
  withHost(t, async host => {
    const sandboxes = new Map<string, Sandbox>()
    for (let round = 0; round < 3; round++) {
      const [dead, fresh] = [ids('dead', round, size), ids('new', round, reclaimers)]
      for (const name of [...dead, ...fresh]) sandboxes.set(name, await host.sandbox(name))
      const netns = (name: string) => sandboxes.get(name) as Sandbox
      await Promise.all(dead.map(name => must(host, 'ADD', bridge, { netns: netns(name) })))
      for (const name of dead) await netns(name).remove()
      const gone = async () => ((await host.ip('link', 'show', 'master', 'cni0')).length === 0 ? true : undefined)
      t.ok(await until(gone), 'the kernel took the links down')
      await runRound(t, host, { conf: bridge, dead, fresh, netns })
    }
    t.equal(await claims(host), '', 'no claim is left')
  }),
)
