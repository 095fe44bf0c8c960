/** A fake host whose `ip` knows a few links: for running whole operations without a kernel. */

import { type FakeHost, type FakeOptions, fakeHost } from '../../lib/host/fake.ts'
import type { Entry } from '../../lib/host/fake-files.ts'
import type { Command, Output, Said } from '../../lib/host/host.ts'

/** A link as `ip -j -d address show` prints it, as far as anybody reads it. */
export interface FakeLink {
  readonly ifname: string
  readonly address?: string
  readonly mtu: number
  readonly flags: readonly string[]
  readonly [key: string]: unknown
}

export interface FakeKernelOptions extends FakeOptions {
  /** Links of the host. */
  readonly links?: readonly FakeLink[]
  /** Links of the sandbox. */
  readonly inside?: readonly FakeLink[]
  /** Our nftables stand already. */
  readonly declared?: boolean
}

const nsfs = 4
const namespace = (inode: number): Partial<Entry> => ({ kind: 'other', device: nsfs, inode })

/** A host after its boot, with a sandbox at `/run/netns/a`. */
const files: Readonly<Record<string, string | Partial<Entry>>> = {
  '/proc/self/ns/net': namespace(1),
  '/run/netns/a': namespace(2),
  '/var/run': { kind: 'link', text: '/run' },
  '/proc/self/ns/mnt': { kind: 'link', text: 'mnt:[3]' },
  '/proc/self/ns/pid': { kind: 'link', text: 'pid:[5]' },
  '/proc/sys/kernel/random/boot_id': '6a0c7f4e-0000-4000-8000-000000000001\n',
  '/proc/stat': 'btime 1700000000\n',
  '/proc/100/stat': `100 (bridge) S ${Array.from({ length: 19 }, (_, index) => index + 1).join(' ')}`,
  '/proc/net/route':
    'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\nup0\t00000000\t020200C0\t0003\t0\t0\t0\t00000000\n',
  '/proc/sys/net/ipv4/ip_forward': '0\n',
  '/proc/sys/net/ipv6/conf/all/forwarding': '0\n',
  '/etc/machine-id': '0123456789abcdef0123456789abcdef\n',
}

const uplink: FakeLink = {
  ifname: 'up0',
  link_type: 'ether',
  address: '02:00:00:00:00:99',
  mtu: 1500,
  flags: ['UP', 'LOWER_UP'],
  addr_info: [],
}

const lo = { ifindex: 1, ifname: 'lo', flags: ['LOOPBACK'] }

/** What `ip -j -d -force -batch -` says to the last of the texts that it was told. */
function answer(links: ReadonlyMap<string, FakeLink>, told: readonly string[]): Partial<Said> {
  const lines = told.flatMap(text => text.split('\n').slice(0, -1))
  const before = lines.length - (told.at(-1)?.split('\n').length ?? 1) + 1
  const said = { stdout: '', stderr: '' }
  lines.slice(before).forEach((line, index) => {
    if (line === 'address show') said.stdout += `${JSON.stringify([lo, ...links.values()])}\n`
    const mark = /^=\w+=$/.exec(line)?.[0]
    if (mark) said.stderr += `Object "${mark}" is unknown, try "ip help".\nCommand failed -:${before + index + 1}\n`
    const name = /^(?:address|link) show dev (\S+)$/.exec(line)?.[1]
    if (name === undefined) return
    const link = name === 'lo' ? lo : links.get(name)
    if (link) said.stdout += `${JSON.stringify([link])}\n`
    else said.stderr += `Device "${name}" does not exist.\nCommand failed -:${before + index + 1}\n`
  })
  return said
}

/** A port, forwarding from the first look on. */
const port = (ifname: string): FakeLink => ({
  ifname,
  mtu: 1500,
  flags: ['UP', 'LOWER_UP'],
  linkinfo: { info_kind: 'veth', info_slave_data: { state: 'forwarding' } },
})

type Links = Map<string, FakeLink>

/** Moves links between the host and the sandbox: they arrive down, with the alias that they are given then. */
function move(text: string, here: Links, there: Links): void {
  for (const [, name = '', , become = ''] of text.matchAll(/^link set dev (\S+) netns (\S+) name (\S+)/gm)) {
    const link = here.get(name)
    here.delete(name)
    if (link) there.set(become, { ...link, ifname: become, flags: [], addr_info: [] })
  }
  for (const [, name = '', ifalias = ''] of text.matchAll(/^link set dev (\S+) alias (\S+)/gm)) {
    const link = here.get(name)
    if (link) here.set(name, { ...link, ifalias })
  }
}

/** What becomes of the sandbox's links: VRFs come and go, and others are in them. */
function follow(inside: Links, told: string): void {
  for (const line of told.split('\n')) {
    const [, name = '', group = ''] = /^link add name (\S+) group (\d+) type vrf/.exec(line) ?? []
    if (name) inside.set(name, { ifname: name, group, mtu: 65575, flags: [], linkinfo: { info_kind: 'vrf' } })
    const [, dev = '', master] = /^link set dev (\S+) (?:master (\S+)|nomaster)$/.exec(line) ?? []
    const link = inside.get(dev)
    if (link) inside.set(dev, { ...link, master })
    inside.delete(/^link del dev (\S+)$/.exec(line)?.[1] ?? '')
  }
}

/**
 * The host. A veth made by a batch is a forwarding port at once, tables stay declared, links can be moved, and VRFs of the
 * sandbox have members; nothing else is remembered.
 */
export function fakeKernel(options: FakeKernelOptions = {}): FakeHost {
  const links: Links = new Map([uplink, ...(options.links ?? [])].map(link => [link.ifname, link]))
  const inside: Links = new Map((options.inside ?? []).map(link => [link.ifname, link]))
  let { declared = false } = options
  const talk = ({ argv }: Command, told: readonly string[]): Partial<Said> => {
    const inHost = !argv.includes('-n')
    const last = told.at(-1) ?? ''
    for (const [, name = ''] of last.matchAll(/^link add name (veth\S+)/gm)) links.set(name, port(name))
    for (const [, name = ''] of last.matchAll(/^link del dev (\S+)/gm)) links.delete(name)
    if (inHost) move(last, links, inside)
    else move(last, inside, links)
    if (!inHost) follow(inside, last)
    return answer(inHost ? links : inside, told)
  }
  const run = ({ argv, stdin = '' }: Command): Partial<Output> => {
    if (argv[0] !== 'nft') return {}
    declared ||= stdin.includes('add table')
    return declared ? {} : { code: 1, stderr: '/dev/stdin:1:1-2: Error: No such file or directory\n' }
  }
  return fakeHost({ talk, run, ...options, files: { ...files, ...options.files } })
}

/** What a family has, as `ip -N -j -d` prints it. */
interface FakeRouting {
  readonly routes?: readonly object[]
  readonly rules?: readonly object[]
  readonly vrfs?: readonly object[]
}

/** A sandbox that answers what routes it has; for `run`. Whatever else is run succeeds in silence. */
export const routingAnswer =
  (routing: Readonly<{ [family in 4 | 6]?: FakeRouting }>) =>
  ({ argv, stdin = '' }: Command): Partial<Output> => {
    if (!stdin.includes(' show')) return {}
    const { routes = [], rules = [], vrfs = [] } = routing[argv.includes('-6') ? 6 : 4] ?? {}
    const answers = { 'route show table all': routes, 'rule show': rules, 'link show type vrf': vrfs }
    const lines = stdin.split('\n').flatMap(line => (line in answers ? [answers[line as keyof typeof answers]] : []))
    return { stdout: lines.map(answer => `${JSON.stringify(answer)}\n`).join('') }
  }
