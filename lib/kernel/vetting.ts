/**
 * The host's own filter before published ports, in `inet fairlead`. Their entrance takes only clients that are vetted. The
 * packets of others go on to the input hook as they came, where the rules of the host, in whatever table, see the port
 * that they ask for. What gets past all of these comes to the last chain there: the client is vetted for some seconds,
 * and the packet dropped, for it is too late to lead it elsewhere, and no process of the host must get it. The client
 * sends it again, as TCP does after a second, and then it is led to the endpoint.
 */
import { digest } from '../host/digest.ts'
import type { Placed } from './masquerade.ts'
import { type Kind, keyMatch, keyType, kindName, kindOf, kinds, portKey } from './port-key.ts'
import type { Published } from './publish.ts'
import type { Admission } from './publish-chains.ts'
import type { Nft } from './resource.ts'
import { type Family, families, words } from './source-nat.ts'

const base = { kind: 'nft', netns: null, family: 'inet' } as const
const kept = { ...base, lifetime: 'kept' } as const

/** What may be said of the host's own filter: whether its rules for a port hold where that is published. */
export const hostFirewalls = ['respect', 'ignore'] as const

/** The match of packets for the host itself: what is for a group of hosts, or for all, is not published. */
export const toHost = 'fib daddr type local'

/** The match of packets for the host itself that meet the conditions: these first, for they are a user's words. */
export const isAdmitted = (family: Family, { conditions }: Admission): string =>
  [...conditions[`v${family}`], toHost].join(' ')

/** After every rule of the host, whose priorities are near zero (nft(8), table of standard priorities). */
const priority = 2_147_483_000
/** The priority of filters of ours that do not count for published ports, for those have left by then. */
export const afterVetting = priority + 100

/**
 * Seconds for which a client is vetted: the longest first wait before a packet is sent again, and some more. For TCP that
 * is 3 s (RFC 1122, section 4.2.3.1; 1 s since RFC 6298); for a name server 5 s (resolv.conf(5)).
 */
const patience = { tcp: 5, others: 10 }

/** A client and where it wants to go, whatever port it comes from. */
const client = (family: Family): string => {
  const { ip } = words[family]
  return `${ip} saddr . ${ip} daddr . ${keyMatch(family, { at: false, range: false })}`
}

/** The match of clients that are vetted. */
export const isVetted = (family: Family): string => `${client(family)} @vetted${family}`

const update = (family: Family, seconds: number): string =>
  `update @vetted${family} { ${client(family)} timeout ${seconds}s }`

const chain = (name: string, rules: readonly string[]) => ({ ...kept, object: 'chain', name, rules }) as const

const vetted: readonly Nft[] = families.flatMap((family): Nft[] => {
  const { type } = words[family]
  const { tcp, others } = patience
  return [
    {
      ...kept,
      object: 'set',
      name: `vetted${family}`,
      type: `${type} . ${type} . inet_proto . inet_service`,
      expiring: true,
    },
    // A set that has the 65,535 clients that the kernel allows takes nobody in: the packet is dropped all the same.
    chain(`admit${family}`, [`meta l4proto != tcp ${update(family, others)} drop`, update(family, tcp), 'drop']),
  ]
})

const mapName = (family: Family, kind: Kind, suffix: string): string => `vet-${kindName(family, kind)}${suffix}`

function mapOf(family: Family, kind: Kind, suffix: string): Nft {
  const type = `${keyType(family, kind)} : mark`
  return {
    ...kept,
    object: 'map',
    name: mapName(family, kind, suffix),
    type,
    ...(kind.range ? { interval: true } : {}),
  }
}

function search(family: Family, suffix: string): Nft {
  // What is found has to go somewhere: nobody will read the mark of a packet that is dropped.
  const lookups = kinds.map(
    kind => `meta mark set ${keyMatch(family, kind)} map @${mapName(family, kind, suffix)} goto admit${family}`,
  )
  // The host may redirect another port to one of these: who comes by that does not ask for what is published.
  return chain(`vet${family}${suffix}`, ['ct status dnat return', ...lookups])
}

function entrance(admission: Admission): Nft {
  const { suffix } = admission
  const rules = families.map(
    family => `ct state new meta nfproto ipv${family} ${isAdmitted(family, admission)} jump vet${family}${suffix}`,
  )
  const hook = `type filter hook input priority ${priority}; policy accept;`
  return { ...chain(`vet${suffix}`, rules), hook, fixed: toHost }
}

/**
 * The resources that have the host's filter asked about published ports of an endpoint's address; `label` says whose they
 * are. Each port leads to a number of the address, so that a port is known to have another owner by now.
 */
export function vet(
  { family, address }: Placed,
  published: readonly Published[],
  admission: Admission,
  label: string,
): readonly Nft[] {
  const { suffix } = admission
  const data = `0x${digest(8, address)}`
  return [
    ...vetted,
    ...families.flatMap(each => kinds.map(kind => mapOf(each, kind, suffix))),
    ...families.map(each => search(each, suffix)),
    entrance(admission),
    ...published.map((port): Nft => {
      const set = mapName(family, kindOf(port), suffix)
      return { ...base, lifetime: 'own', object: 'element', set, key: portKey(port), data, comment: label }
    }),
  ]
}
