import { join } from 'node:path'
import t, { type Test } from 'tap'
import { apply } from '../../../../../lib/agent/overlay/esp/apply.ts'
import { firstEpochs, newest, nextEpochs } from '../../../../../lib/agent/overlay/esp/epochs.ts'
import { readJournal } from '../../../../../lib/agent/overlay/esp/journal.ts'
import { FakeXfrm } from '../../../../support/fake-xfrm.ts'

/** Hosts that know of each other by what each has published. */
class Hosts {
  epochs = firstEpochs({ ciphers: new Map() }, 0)
  readonly published = new Map<string, { nonce: string; ready: number }>()
  readonly hosts = new Map<string, { kernel: FakeXfrm; strays: Map<string, number>; boot: string }>()
  clock = 0
  readonly #directory: string

  constructor(t: Test, count: number) {
    this.#directory = t.testdir()
    for (let number = 1; number <= count; number++) this.start(`192.0.2.${number}`, 'first')
  }

  /** As after a boot: the kernel has nothing. */
  start(address: string, boot: string): FakeXfrm {
    const added = this.hosts.get(address)?.kernel.added ?? []
    const kernel = new FakeXfrm()
    kernel.added.push(...added)
    this.hosts.set(address, { kernel, strays: new Map(), boot })
    return kernel
  }

  kernel(address: string): FakeXfrm {
    const host = this.hosts.get(address)
    if (!host) throw new Error(`no host ${address}`)
    return host.kernel
  }

  path = (address: string): string => join(this.#directory, `${address}.json`)

  async look(address: string): Promise<number> {
    const host = this.hosts.get(address)
    if (!host) throw new Error(`no host ${address}`)
    const { kernel, strays, boot } = host
    const peers = [...this.published].filter(([each]) => each !== address)
    return apply({
      tools: kernel,
      path: this.path(address),
      boot,
      strays,
      now: () => this.clock,
      pause: async milliseconds => {
        this.clock += milliseconds
      },
      situation: {
        address,
        epochs: this.epochs,
        ports: [4790],
        peers: peers.map(([each, { nonce }]) => ({ address: each, nonce })),
      },
      publish: async (nonce, ready) => {
        const isNews = this.published.get(address)?.nonce !== nonce
        this.published.set(address, { nonce, ready })
        return isNews
      },
    })
  }

  /** Looks until nothing changes. */
  async settle(): Promise<void> {
    for (let round = 0; round < 6; round++) {
      let changed = 0
      for (const address of this.hosts.keys()) changed += await this.look(address)
      if (changed === 0) return
    }
    throw new Error('it does not settle')
  }

  /** The pairs of hosts of which one does not understand what the other sends. */
  deaf(): string[] {
    return [...this.hosts].flatMap(([from, { kernel }]) =>
      [...kernel.policies.values()]
        .filter(({ direction }) => direction === 'out')
        .flatMap(({ template }) => {
          const [, to = '', spi = ''] = /dst (\S+) proto esp spi (\S+)/.exec(template) ?? []
          const name = `${from} ${to} ${spi}`
          const key = kernel.states.get(name)
          return key !== undefined && this.hosts.get(to)?.kernel.states.get(name) === key ? [] : [name]
        }),
    )
  }

  /** Keys that one host was told to send by more than once. */
  repeated(): string[] {
    return [...this.hosts].flatMap(([from, { kernel }]) => {
      const sent = kernel.added.filter(each => each.startsWith(`${from} `))
      return sent.filter((each, index) => sent.indexOf(each) < index)
    })
  }
}

const [a, b, c] = ['192.0.2.1', '192.0.2.2', '192.0.2.3'] as const

t.test('hosts understand each other, in the epochs that there are', async t => {
  const hosts = new Hosts(t, 3)
  await hosts.settle()
  t.same(hosts.deaf(), [])
  t.equal(hosts.kernel(a).policies.size, 4, 'a policy for each other host and direction')
  t.equal(hosts.kernel(a).states.size, 2 * 2 + 2, 'two epochs are understood, and one is sent in')
  t.same(
    [...hosts.published.values()].map(({ ready }) => ready),
    [2, 2, 2],
  )
  t.notOk(
    hosts.kernel(a).words.some(each => /[\da-f]{64}/.test(each)),
    'no key is on a command line',
  )
})

t.test('while epochs change, in whatever order hosts hear of it, everybody is understood', async t => {
  const hosts = new Hosts(t, 3)
  await hosts.settle()
  for (const order of [
    [a, b, c],
    [c, a, b],
    [b, c, a],
  ] as const) {
    t.ok(
      [...hosts.published.values()].every(({ ready }) => ready === newest(hosts.epochs)),
      'all are ready',
    )
    hosts.epochs = nextEpochs(hosts.epochs, 0)
    t.same(hosts.deaf(), [])
    for (const each of order) {
      await hosts.look(each)
      t.same(hosts.deaf(), [])
    }
    hosts.clock += 10_000
    await hosts.settle()
    await hosts.settle()
    t.same(hosts.deaf(), [])
  }
  t.equal(hosts.kernel(a).states.size, 2 * 3 + 2, 'what was needed before has gone')
  t.same(hosts.repeated(), [])
})

t.test('an agent that starts again changes nothing', async t => {
  const hosts = new Hosts(t, 2)
  await hosts.settle()
  const before = [...hosts.kernel(a).states]
  t.equal(await hosts.look(a), 0)
  t.same([...hosts.kernel(a).states], before)
  t.equal(readJournal(hosts.path(a))?.nonce, hosts.published.get(a)?.nonce)
})

t.test('a state to receive by, and a policy, are made again', async t => {
  const hosts = new Hosts(t, 2)
  await hosts.settle()
  const kernel = hosts.kernel(a)
  const { nonce } = hosts.published.get(a) ?? {}
  for (const name of [...kernel.states.keys()].filter(each => each.startsWith(b))) kernel.states.delete(name)
  kernel.policies.clear()
  t.equal(await hosts.look(a), 4)
  t.same(hosts.deaf(), [])
  t.equal(hosts.published.get(a)?.nonce, nonce)
})

const losses: Readonly<Record<string, (hosts: Hosts) => unknown>> = {
  'lost what it sent by': hosts => hosts.kernel(a).states.clear(),
  booted: hosts => hosts.start(a, 'second'),
  'booted, and kept its file': hosts => hosts.start(a, 'first'),
}

for (const [what, lose] of Object.entries(losses)) {
  t.test(`a host whose kernel has ${what} uses no key again`, async t => {
    const hosts = new Hosts(t, 3)
    await hosts.settle()
    const { nonce } = hosts.published.get(a) ?? {}
    lose(hosts)
    await hosts.settle()
    t.not(hosts.published.get(a)?.nonce, nonce)
    t.same(hosts.deaf(), [])
    t.same(hosts.repeated(), [])
  })
}

t.test('epochs that come back, as of a backup, bring no key back', async t => {
  const hosts = new Hosts(t, 2)
  await hosts.settle()
  const old = hosts.epochs
  hosts.epochs = nextEpochs(old, 0)
  await hosts.settle()
  hosts.clock += 10_000
  await hosts.settle()
  await hosts.settle()
  hosts.epochs = old
  await hosts.settle()
  t.same(hosts.deaf(), [])
  t.same(hosts.repeated(), [])
})

t.test('one that was ended after it wrote what it would send in does not send so', async t => {
  const hosts = new Hosts(t, 2)
  await hosts.look(b)
  hosts.kernel(a).fails = 3
  await t.rejects(hosts.look(a), { message: /cannot add what this host sends by: the kernel, or ip, refuses it/ })
  hosts.kernel(a).fails = Number.POSITIVE_INFINITY
  const { nonce } = hosts.published.get(a) ?? {}
  await hosts.settle()
  t.not(hosts.published.get(a)?.nonce, nonce)
  t.same(hosts.deaf(), [])
})

t.test('what ip complains about is not repeated', async t => {
  const hosts = new Hosts(t, 2)
  await hosts.look(b)
  hosts.kernel(a).fails = 0
  const error = await hosts.look(a).catch(String)
  t.match(error, /refuses it/)
  t.notMatch(error, /[\da-f]{16}/)
})

t.test('of a host that was removed nothing stays', async t => {
  const hosts = new Hosts(t, 3)
  await hosts.settle()
  hosts.published.delete(c)
  hosts.hosts.delete(c)
  await hosts.settle()
  t.notOk([...hosts.kernel(a).states.keys()].some(each => each.includes(c)))
  t.notOk([...hosts.kernel(a).policies.keys()].some(each => each.includes(c)))
  t.same(hosts.deaf(), [])
})
