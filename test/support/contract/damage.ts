/** What somebody does by hand to an object of the kernel, by its description in a record, so that it no longer stands. */
import type { Iptables, Nft, Resource } from '../../../lib/kernel/resource.ts'
import type { Case } from './stage.ts'

/** How it is damaged, and how. */
export type Damage = readonly [what: string, script: string]

type Of<K extends Resource['kind']> = Extract<Resource, { kind: K }>

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
const inside = ({ netns }: Resource): string => (netns === null ? '' : `nsenter --net=${netns} `)

function ofLink(link: Of<'link'>): Damage[] {
  const ip = `${inside(link)}ip link`
  const set = `${ip} set dev ${link.name}`
  return [
    ['is deleted', `${ip} del dev ${link.name}`],
    ...(link.up ? [['is set down', `${set} down`] as const] : []),
    ...(link.mtu === undefined ? [] : [['has another MTU', `${set} mtu ${link.mtu - 10}`] as const]),
    ...(link.mac === undefined ? [] : [['has another MAC', `${set} address 02:00:00:00:00:99`] as const]),
    ...(link.master === undefined ? [] : [['is no port any more', `${set} nomaster`] as const]),
  ]
}

/** Whoever has no link of the name has lost it, wherever it is. */
function ofMoved(moved: Of<'moved-link'>): Damage[] {
  const ip = `${inside(moved)}ip link`
  return [
    ['has another name', `${ip} set dev ${moved.name} down; ${ip} set dev ${moved.name} name other0`],
    ['is set down', `${ip} set dev ${moved.name} down`],
    ['has another MAC', `${ip} set dev ${moved.name} address 02:00:00:00:00:99`],
  ]
}

const familyOf = (address: string): string => (address.includes(':') ? '-6' : '-4')

function routeWords({ type, dev, dst, via, table, priority }: Of<'route'>): string {
  const way = type ? '' : `${via ? ` via ${via}` : ''} dev ${dev}`
  const place = `${table ? ` table ${table}` : ''}${priority === undefined ? '' : ` metric ${priority}`}`
  return `${type ?? ''} ${dst}${way}${place}`
}

function ofRoute(route: Of<'route'>): Damage[] {
  return [['is deleted', `${inside(route)}ip ${familyOf(route.dst)} route del ${routeWords(route)}`]]
}

function ofDisplaced(displaced: Of<'displaced'>): Damage[] {
  const { what } = displaced
  if (what.kind === 'address') return []
  return [['is there again', `${inside(displaced)}ip ${familyOf(what.dst)} route append ${routeWords(what)}`]]
}

function ofSetting(setting: Of<'setting'>, { wrong = {} }: Case): Damage[] {
  if (setting.wish || setting.brief) return []
  const { key, value } = setting
  const other = wrong[key] ?? (value === '0' ? '1' : '0')
  return [['is set otherwise', `echo ${other} | ${inside(setting)}tee /proc/sys/${key}`]]
}

function ofVlans({ dev, keepsOthers }: Of<'bridge-vlan'>): Damage[] {
  const more = ['has another one too', `bridge vlan add dev ${dev} vid 4000`] as const
  return [['are taken away', `bridge vlan del dev ${dev} vid 1-4094`], ...(keepsOthers ? [] : [more])]
}

function ofNft(nft: Nft): Damage[] {
  const table = `${nft.family} fairlead`
  if (nft.object === 'element') {
    return [['is deleted', `nft ${quoted(`delete element ${table} ${nft.set} { ${nft.key} }`)}`]]
  }
  // What is in use cannot be deleted; without rules or elements it is as good as gone.
  if (nft.object === 'chain')
    return nft.rules.length > 0 ? [['is flushed', `nft flush chain ${table} ${nft.name}`]] : []
  return []
}

function ofIptables({ family, table, chain, rule }: Iptables): Damage[] {
  const words = [family === 4 ? 'iptables' : 'ip6tables', '-w', '-t', table, '-D', chain, ...rule]
  return [['is deleted', words.map(quoted).join(' ')]]
}

const other: Readonly<{ [name in Of<'attribute'>['name']]: (value: string) => string }> = {
  address: () => '02:00:00:00:00:99',
  mtu: value => String(Number(value) - 10),
  promisc: value => (value === 'on' ? 'off' : 'on'),
  allmulticast: value => (value === 'on' ? 'off' : 'on'),
  txqueuelen: value => String(Number(value) + 1),
}

/** Where an entry is, in the words of bridge(8). */
function tableOf({ to }: Of<'fdb'>): string {
  if (to === undefined) return 'master'
  return to === 'itself' ? 'self' : `self dst ${to.group} via ${to.via}`
}

/** Of all that there is, one of each. */
function ofRemotes({ dev, on, vni, remotes }: Of<'remotes'>): Damage[] {
  const [{ vtep, rows, routes } = { vtep: '', rows: [], routes: [] }] = remotes
  const set = `vteps${vtep.includes(':') ? 6 : 4}-${vni}`
  const first = `$(bridge fdb show dev ${dev} | awk '/dst/ { print $1; exit }')`
  const neighbour = `$(ip neighbour show dev ${on} nud permanent | awk '/proto 117/ { print $1; exit }')`
  return [
    ['lacks an entry', `bridge fdb del ${first} dev ${dev} self`],
    ...(rows.length > 0 ? [["lacks a bridge's entry", `bridge fdb del ${first} dev ${dev} master`] as const] : []),
    ['lacks a neighbour', `ip neighbour del ${neighbour} dev ${on}`],
    ...routes
      .slice(0, 1)
      .map(({ dst }) => ['lacks a route', `ip ${familyOf(dst)} route del ${dst} dev ${dev}`] as const),
    ['lets nobody in', `nft 'delete element inet fairlead ${set} { ${vtep} }'`],
    ['has an empty filter', `nft flush chain inet fairlead vteps-${vni}`],
  ]
}

/** What can be done to a resource so that CHECK has to miss it; nothing for one that nothing depends on. */
export function damages(resource: Resource, each: Case): readonly Damage[] {
  switch (resource.kind) {
    case 'link':
      return ofLink(resource)
    case 'moved-link':
      return ofMoved(resource)
    case 'address':
      return [['is deleted', `${inside(resource)}ip address del ${resource.address} dev ${resource.dev}`]]
    case 'route':
      return ofRoute(resource)
    case 'setting':
      return ofSetting(resource, each)
    case 'attribute': {
      const { dev, name, value } = resource
      const set = `${inside(resource)}ip link set dev ${dev} ${name}`
      return value === undefined ? [] : [['is set otherwise', `${set} ${other[name](value)}`]]
    }
    case 'rule': {
      const { from, table } = resource
      return [['is deleted', `${inside(resource)}ip ${familyOf(from)} rule del from ${from} table ${table}`]]
    }
    case 'membership':
      return [['is ended', `${inside(resource)}ip link set dev ${resource.dev} nomaster`]]
    case 'displaced':
      return ofDisplaced(resource)
    case 'neighbour':
      return [['is deleted', `${inside(resource)}ip neighbour del ${resource.address} dev ${resource.dev}`]]
    case 'block-policy': {
      const all = resource.family === 4 ? '0.0.0.0/0' : '::/0'
      const policy = `src ${all} dst ${all} proto udp dport ${resource.port}`
      return [['blocks nothing that comes in', `ip xfrm policy delete ${policy} dir in`]]
    }
    case 'fdb':
      return [['is deleted', `bridge fdb del ${resource.mac} dev ${resource.dev} ${tableOf(resource)}`]]
    case 'remotes':
      return ofRemotes(resource)
    case 'offload': {
      const { dev, value } = resource
      const set = `ethtool -K ${dev} tx-checksum-ip-generic ${value === 'on' ? 'off' : 'on'}`
      return [['is set otherwise', set]]
    }
    case 'bridge-vlan':
      return ofVlans(resource)
    case 'nft':
      return ofNft(resource)
    case 'iptables':
      return ofIptables(resource)
    case 'qdisc':
      return [['is deleted', `tc qdisc del dev ${resource.dev} ${resource.type === 'tbf' ? 'root' : 'clsact'}`]]
    // A chain goes with the rules that lead to it; the rest is described to be removed, or firewalld's.
    case 'iptables-chain':
    case 'nft-tagged':
    case 'zone-source':
      return []
  }
}
