/** Published ports in iptables, with the chains of the reference's portmap. Pure; one call for each family. */
import { type Attachment, commented, label, publishChain } from './iptables-names.ts'
import type { Iptables, IptablesChain, Lifetime, Rules } from './resource.ts'

/** A port of the host that leads to one of the container. */
export interface Mapping {
  readonly hostPort: number
  readonly containerPort: number
  /** Lower case. */
  readonly protocol: string
  /** Absent, or the address of no host in particular: any address of the family; else of this one alone. */
  readonly hostIP?: string
}

/** What is published of an attachment in one family. */
export interface Published extends Attachment {
  readonly family: 4 | 6
  /** The container's, with prefix length. */
  readonly address: string
  readonly mappings: readonly Mapping[]
  /** Masquerade what comes back to where it came from: from the own subnet, and from the host's loopback. */
  readonly snat: boolean
  /** With `snat`: masquerade whatever comes. */
  readonly masqAll: boolean
  /** 0 to 31; unused with `externalSetMarkChain`. */
  readonly markMasqBit: number
  /** A chain of somebody else's that marks; it must stand, and what it marks is masqueraded by its owner. */
  readonly externalSetMarkChain?: string
  /** More words for the rules that lead from all ports to this container's. */
  readonly conditions: readonly string[]
}

const entries = 'CNI-HOSTPORT-DNAT'
const setMark = 'CNI-HOSTPORT-SETMARK'
const masquerading = 'CNI-HOSTPORT-MASQ'
/** As many ports as one rule of xt_multiport takes. */
const group = 15

const chainOf = (lifetime: Lifetime, family: 4 | 6, chain: string): IptablesChain => ({
  kind: 'iptables-chain',
  lifetime,
  netns: null,
  family,
  table: 'nat',
  chain,
})
const ruleOf = (lifetime: Lifetime, family: 4 | 6, chain: string, rule: readonly string[]): Iptables => ({
  kind: 'iptables',
  lifetime,
  netns: null,
  family,
  table: 'nat',
  chain,
  rule,
})

/** What every container's ports stand on. */
function shared({ family, snat, externalSetMarkChain, markMasqBit }: Published): readonly Rules[] {
  const kept = (chain: string, ...words: readonly string[]) => ruleOf('kept', family, chain, words)
  const local = ['-m', 'addrtype', '--dst-type', 'LOCAL', '-j', entries]
  const first = [chainOf('kept', family, entries), kept('PREROUTING', ...local), kept('OUTPUT', ...local)]
  if (!snat || externalSetMarkChain !== undefined) return first
  const bit = `0x${(2 ** markMasqBit).toString(16)}`
  const mark = `${bit}/${bit}`
  return [
    ...first,
    chainOf('kept', family, setMark),
    kept(setMark, ...commented('CNI portfwd masquerade mark'), '-j', 'MARK', '--set-xmark', mark),
    chainOf('kept', family, masquerading),
    kept(masquerading, '-m', 'mark', '--mark', mark, '-j', 'MASQUERADE'),
    {
      ...kept('POSTROUTING', ...commented('CNI portfwd requiring masquerade'), '-j', masquerading),
      position: 'first',
    },
  ]
}

const anywhere: readonly string[] = ['', '0.0.0.0', '::']

const isOfFamily = ({ hostIP = '' }: Mapping, family: 4 | 6): boolean =>
  hostIP === '' || hostIP.includes(':') === (family === 6)

/** Whose answers would not come back through us: marked, they are masqueraded. */
function sourcesOf({ family, address, snat, masqAll }: Published): readonly (readonly string[])[] {
  if (!snat) return []
  if (masqAll) return [[]]
  return [['-s', address], ...(family === 4 ? [['-s', '127.0.0.1']] : [])]
}

function mappingRules(published: Published, mapping: Mapping): readonly Iptables[] {
  const { family, address, externalSetMarkChain = setMark } = published
  const { hostPort, containerPort, protocol, hostIP = '' } = mapping
  const to = address.split('/')[0]
  const target = `${family === 6 ? `[${to}]` : to}:${containerPort}`
  const host = anywhere.includes(hostIP) ? [] : ['-d', hostIP]
  const matched = ['-p', protocol, '-m', protocol, '--dport', String(hostPort), ...host]
  const rule = (...words: readonly string[]) => ruleOf('own', family, publishChain(published), [...matched, ...words])
  return [
    ...sourcesOf(published).map(source => rule(...source, '-j', externalSetMarkChain)),
    rule('-j', 'DNAT', '--to-destination', target),
  ]
}

/** By protocol, and in groups: the ports of the other family's mappings too, as the reference has them. */
function entryRules(published: Published): readonly Iptables[] {
  const { family, mappings, conditions } = published
  const key = conditions.length > 0 ? { key: `conditionsV${family}` } : {}
  const comment = commented(`dnat ${label(published)}`)
  const protocols = [...new Set(mappings.map(({ protocol }) => protocol))].sort()
  return protocols.flatMap(protocol => {
    const ports = mappings.filter(mapping => mapping.protocol === protocol).map(({ hostPort }) => String(hostPort))
    const groups = Array.from({ length: Math.ceil(ports.length / group) }, (_, index) =>
      ports.slice(index * group, (index + 1) * group).join(','),
    )
    return groups.map(list => {
      const matched = [...comment, '-m', 'multiport', '-p', protocol, '--destination-ports', list, ...conditions]
      return { ...ruleOf('own', family, entries, [...matched, '-j', publishChain(published)]), ...key }
    })
  })
}

/** The resources that publish a container's ports in one family. */
export const publishByIptables = (published: Published): readonly Rules[] => [
  ...shared(published),
  chainOf('own', published.family, publishChain(published)),
  ...published.mappings
    .filter(mapping => isOfFamily(mapping, published.family))
    .flatMap(mapping => mappingRules(published, mapping)),
  ...entryRules(published),
]
