/**
 * What the reference plugins (v1.9.1) leave of an attachment that they added and we are asked to remove. Pure. Their
 * names follow from network and container, so neither the sandbox nor the result of ADD is needed; with the result, what
 * another interface of the same container has in the same place stays.
 */
import { isObject, pick, pickObject, pickString } from '../cni/json.ts'
import type { Request } from '../cni/request.ts'
import type { Result } from '../cni/result.ts'
import { prevResult } from '../cni/result-decode.ts'
import { digest512 } from '../host/digest512.ts'
import { formatAddress, formatSubnet, parseSubnet, type Subnet } from '../ipam/cidr.ts'
import { trustAddresses } from '../kernel/allow.ts'
import { addressRules } from '../kernel/iptables-firewall.ts'
import { masqueradeChain, publishChain } from '../kernel/iptables-names.ts'
import { remove } from '../kernel/kernel.ts'
import { type IptablesChain, KernelError, type NftTagged, type Resource } from '../kernel/resource.ts'
import { isToken } from '../kernel/token.ts'
import type { Tools } from '../kernel/tool.ts'
import { tableId } from './schema.ts'

const families = [4, 6] as const
const hostBits = { 4: 32, 6: 128 } as const

/** The result of ADD; a DEL goes on without one that cannot be read. */
export function resultOfAdd({ conf, cniVersion }: Request): Result | undefined {
  try {
    return prevResult(conf, cniVersion)
  } catch {
    return undefined
  }
}

/** The addresses of our interface, as far as the result tells them. */
export function addressesOf(request: Request): readonly Subnet[] {
  const { interfaces = [], ips = [] } = resultOfAdd(request) ?? {}
  return ips.flatMap(({ address, interface: index }) => {
    const found = index === undefined ? undefined : interfaces[index]
    return found === undefined || found.name === request.ifName ? (parseSubnet(address) ?? []) : []
  })
}

const textOf = ({ family, address: value }: Subnet): string => formatAddress({ family, value })

const foreignChain = (family: 4 | 6, chain: string, leading: IptablesChain['leading'] = 'all'): IptablesChain => ({
  kind: 'iptables-chain',
  lifetime: 'own',
  netns: null,
  family,
  table: 'nat',
  chain,
  leading,
})

const tagged = { kind: 'nft-tagged', lifetime: 'own', netns: null } as const

/** Of `ipMasq`: the chain of either family, and the rules in the table that the other backend has. */
export function inheritedMasquerade(request: Request): readonly Resource[] {
  const { network, containerId, ifName, conf } = request
  if (pick(conf, 'ipMasq') !== true) return []
  const addresses = addressesOf(request)
  const chains = families.map(family => {
    const here = addresses.filter(each => each.family === family)
    // Older versions wrote the prefix length of the subnet, which iptables shows as the network.
    const sources = here.flatMap(each => [`${textOf(each)}/${hostBits[family]}`, formatSubnet(each)])
    return foreignChain(family, masqueradeChain(request), addresses.length > 0 ? sources : 'all')
  })
  const comment = `${digest512(16, network)}-${digest512(16, `${ifName}:${containerId}`)}`
  const rules: NftTagged = { ...tagged, family: 'inet', table: 'cni_plugins_masquerade', comment, match: 'start' }
  return [...chains, rules]
}

/** Of published ports: chains by network and container; in nftables, rules by container and address. */
export function inheritedPublish(request: Request): readonly Resource[] {
  const mappings = pick(pickObject(request.conf, 'runtimeConfig'), 'portMappings')
  if (!Array.isArray(mappings) || mappings.length === 0) return []
  const chain = publishChain(request)
  const chains = families.flatMap(family => [
    foreignChain(family, chain),
    foreignChain(family, chain.replace('CNI-DN-', 'CNI-SN-')),
  ])
  const addresses = addressesOf(request).map(textOf)
  const holding = addresses.length > 0 ? { holding: addresses } : {}
  const rules = (['ip', 'ip6'] as const).map(
    family =>
      ({
        ...tagged,
        family,
        table: 'cni_hostport',
        comment: request.containerId,
        match: 'whole',
        ...holding,
      }) satisfies NftTagged,
  )
  return [...chains, ...rules]
}

/** Of the firewall: rules of addresses, or sources of a zone, which nothing but the result of ADD tells. */
export function inheritedFirewall(request: Request): readonly Resource[] {
  const { conf } = request
  if (!isObject(pick(conf, 'prevResult'))) return []
  const addresses = addressesOf(request).map(each => ({ family: each.family, address: textOf(each) }))
  const backend = pickString(conf, 'backend')
  const zone = pickString(conf, 'firewalldZone') || 'trusted'
  const rules = addresses.flatMap(({ family, address }) => addressRules(family, [address]))
  return [
    ...(backend === 'firewalld' ? [] : rules),
    ...(backend === 'iptables' || !isToken(zone) ? [] : trustAddresses(zone, addresses)),
  ]
}

/** Of source based routing: rules by the addresses of the interface. Routes and tables go with that. */
export function inheritedRules(request: Request): readonly Resource[] {
  const table = pick(request.conf, 'table')
  const base = { kind: 'rule', lifetime: 'own', netns: request.netns } as const
  // A table that there cannot be has no rule that leads to it: then it is whichever the address has.
  const known = tableId(1).safeParse(table)
  const led = known.success ? { table: known.data } : {}
  return addressesOf(request).map(each => ({ ...base, from: textOf(each), ...led }))
}

/**
 * Removes it. A program that is not installed has made nothing.
 *
 * @throws KernelError
 */
export async function removeInherited(tools: Tools, resources: readonly Resource[]): Promise<void> {
  await remove(tools, resources).catch(error => {
    if (!(error instanceof KernelError && error.fault === 'tool-missing')) throw error
  })
}
