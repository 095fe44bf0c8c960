/**
 * Whole sessions of real runtimes, as they were recorded with the Go reference plugins: every call in its order, and our
 * answers beside theirs. What chance decides (MAC addresses, names of host ends, paths of sandboxes) is left out.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import t, { type Test } from 'tap'
import { bin, type Host, type Ran, type Sandbox, withHost } from '../support/host.ts'

interface Recorded {
  readonly plugin: string
  /** The program that called it: a runtime, or a plugin its IPAM. */
  readonly by: string
  readonly env: Readonly<Record<string, string>>
  readonly conf?: Readonly<Record<string, unknown>>
  readonly answer?: unknown
  readonly error?: readonly string[]
}

const folder = resolve(import.meta.dirname, '../fixtures/calls')
const sessions = readdirSync(folder).map(file => [file.replace('.json', ''), read(file)] as const)
function read(file: string): readonly Recorded[] {
  return JSON.parse(readFileSync(`${folder}/${file}`, 'utf8'))
}

/** Where our answers differ on purpose, and why. */
const differences: readonly { readonly where: RegExp; readonly why: string }[] = [
  { where: / ADD \.interfaces\.\d\.mtu: undefined -> 1500$/, why: 'the MTU of a link is told' },
  { where: / ADD \.routes\.\d\.gw: undefined -> "/, why: 'a route is told with the gateway that it was made with' },
  {
    where: /^loopback ADD \.ips\.\d\.version: undefined -> "[46]"$/,
    why: 'versions before 1.0.0 have it in every address',
  },
  { where: /^firewall VERSION \.supportedVersions\./, why: 'the old versions of the protocol are spoken too' },
]
const met = new Set<string>()

const isDelegated = ({ by }: Recorded): boolean => by === 'bridge' || by === 'macvlan'

/** What a session has come to: sandboxes by the paths of then, results by container and interface. */
interface Session {
  readonly host: Host
  readonly sandboxes: Map<string, Sandbox>
  readonly results: Map<string, unknown>
}

async function sandboxFor({ host, sandboxes }: Session, { env }: Recorded): Promise<string> {
  const { CNI_NETNS: path = '', CNI_COMMAND: operation } = env
  if (operation === 'VERSION' || path === '') return path
  const known = sandboxes.get(path)
  if (known || operation !== 'ADD') return known?.path ?? path
  const made = await host.sandbox(`s${sandboxes.size}`)
  sandboxes.set(path, made)
  return made.path
}

const ownerOf = ({ env, conf }: Recorded): string => `${conf?.name} ${env.CNI_CONTAINERID} ${env.CNI_IFNAME}`

/** The call as the runtime makes it with us: what it hands on is what it was given. */
async function repeat(session: Session, call: Recorded): Promise<Ran> {
  const netns = await sandboxFor(session, call)
  const previous = session.results.get(ownerOf(call))
  const conf = call.conf && 'prevResult' in call.conf && previous ? { ...call.conf, prevResult: previous } : call.conf
  const ran = await session.host.exec([`${bin}/${call.plugin}`], {
    input: conf ? JSON.stringify(conf) : '',
    env: { ...call.env, ...(call.env.CNI_COMMAND ? { CNI_NETNS: netns } : {}), CNI_PATH: bin },
  })
  if (call.env.CNI_COMMAND === 'ADD' && ran.code === 0) session.results.set(ownerOf(call), JSON.parse(ran.stdout))
  return ran
}

/** The paths of an answer's values, without what chance decides. */
function flat(value: unknown, path = ''): readonly (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null) {
    const isChance = /\.(mac|sandbox)$/.test(path) || (typeof value === 'string' && /^veth/.test(value))
    return [[path, isChance ? '*' : value]]
  }
  return Object.entries(value).flatMap(([key, inner]) => flat(inner, `${path}.${key}`))
}

function differing(theirs: unknown, ours: unknown): readonly string[] {
  const [left, right] = [new Map(flat(theirs)), new Map(flat(ours))]
  return [...new Set([...left.keys(), ...right.keys()])]
    .filter(path => left.get(path) !== right.get(path))
    .map(path => `${path}: ${JSON.stringify(left.get(path))} -> ${JSON.stringify(right.get(path))}`)
}

async function compare(t: Test, session: Session, call: Recorded): Promise<void> {
  const ran = await repeat(session, call)
  const name = `${call.plugin} ${call.env.CNI_COMMAND ?? 'without a command'} of ${call.conf?.name ?? call.by}`
  if (ran.code !== 0) {
    t.fail(`${name}: ${ran.stdout}`)
    return
  }
  const ours = ran.stdout.trim() === '' ? undefined : JSON.parse(ran.stdout)
  const found = differing(call.answer, ours).map(each => `${call.plugin} ${call.env.CNI_COMMAND} ${each}`)
  const unexplained = found.filter(each => {
    const known = differences.find(({ where }) => where.test(each))
    if (known) met.add(known.why)
    return !known
  })
  t.same(unexplained, [], name)
}

async function replay(t: Test, calls: readonly Recorded[]): Promise<void> {
  await withHost(t, async host => {
    await host.sh('ip link add tp0 type veth peer name tp1; ip link set tp0 up; ip link set tp1 up')
    const session: Session = { host, sandboxes: new Map(), results: new Map() }
    for (const call of calls) await compare(t, session, call)
    const left = Object.keys(await host.files()).filter(path => /attachments|networks/.test(path))
    t.same(left, [], 'nothing is left')
  })
}

for (const [runtime, calls] of sessions) {
  t.test(`the session of ${runtime}`, t =>
    replay(
      t,
      calls.filter(each => !isDelegated(each)),
    ),
  )
  // With us an interface plugin asks its IPAM without a call; a plugin of somebody else does call it.
  t.test(`what plugins asked IPAM in the session of ${runtime}`, t => replay(t, calls.filter(isDelegated)))
}

t.test('every difference of the table was met', async t => {
  t.same([...met].toSorted(), differences.map(({ why }) => why).toSorted())
})
