import t from 'tap'
import { allowByIptables } from '../../lib/kernel/iptables-firewall.ts'
import { publishByIptables } from '../../lib/kernel/iptables-publish.ts'
import { iptablesConf as conf, container, warmUp } from '../support/attachment.ts'
import { call, must } from '../support/call.ts'
import { type Sandbox, withHost } from '../support/host.ts'
import { onHost, savedRules } from '../support/rules.ts'
import { settles } from '../support/state.ts'
import { kinds, lacks, ofKind } from '../support/xtables.ts'

const width = 20
const each = <T>(work: (n: number) => Promise<T>) => Promise.all(Array.from({ length: width }, (_, n) => work(n)))

for (const kind of kinds) {
  t.test(
    `${width} ADDs at once with iptables-${kind}, then ${width} DELs: no rule is lost or left`,
    { skip: lacks(kind) },
    t =>
      withHost(t, async host => {
        const env = ofKind(t, kind)
        const all: Sandbox[] = []
        for (let n = 0; n < width; n++) all.push(await host.sandbox(`s${n}`))
        const save = async () => (await host.exec(['sh', '-c', 'iptables-save; ip6tables-save'], { env })).stdout
        const added = await each(n => call(host, 'ADD', conf, { netns: all[n] as Sandbox, env }))
        t.same(
          added.flatMap(({ error }) => error ?? []),
          [],
        )
        const rules = (await save()).split('\n').filter(line => line.startsWith('-A'))
        t.equal(rules.length, 6 * width)
        t.equal(new Set(rules).size, 6 * width)
        const gone = await each(n => call(host, 'DEL', conf, { containerId: `s${n}`, netns: `/run/netns/s${n}`, env }))
        t.same(
          gone.flatMap(({ error }) => error ?? []),
          [],
        )
        t.notMatch(await save(), /CNI-/)
      }),
  )
}

const rulesOf = (n: number) => [
  ...publishByIptables({
    network: 'net1',
    containerId: `c${n}`,
    family: 4,
    address: `10.88.0.${n + 2}/16`,
    mappings: [{ hostPort: 8000 + n, containerPort: 80, protocol: 'tcp' }],
    snat: true,
    masqAll: false,
    markMasqBit: 13,
    conditions: [],
  }),
  ...allowByIptables({
    family: 4,
    addresses: [`10.88.0.${n + 2}`],
    adminChain: 'CNI-ADMIN',
    ingressPolicy: 'isolated',
    bridge: 'cni0',
  }),
]

t.test(`${width} first users at once make what they share once`, t =>
  withHost(t, async host => {
    const kernel = onHost(host)
    await each(n => kernel.ensure(rulesOf(n)))
    const rules = (await savedRules(host)).split('\n').filter(line => line.startsWith('-A'))
    t.equal(new Set(rules).size, rules.length, 'each rule once')
    t.same(await kernel.missing(Array.from({ length: width }, (_, n) => rulesOf(n)).flat()), [])
    await each(n => kernel.remove(rulesOf(n)))
    t.same(await kernel.missing(rulesOf(0).filter(({ lifetime }) => lifetime === 'kept')), [], 'the shared part stays')
    t.notMatch(await savedRules(host), /CNI-DN-|10\.88/)
  }),
)

t.test('cycles of ADD and DEL leave iptables as it was after the first', t =>
  withHost(t, async host => {
    const options = await container(host)
    const before = await warmUp(host, options, conf)
    const rules = await savedRules(host)
    for (let n = 0; n < 20; n++) await warmUp(host, options, conf)
    await settles(t, host, before, 'links, addresses, routes, rules and files are identical')
    t.equal(await savedRules(host), rules)
    await must(host, 'STATUS', conf)
  }),
)
