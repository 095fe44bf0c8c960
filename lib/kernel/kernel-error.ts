/** Resources in words, and what goes wrong with them. */
import type { Resource, Route, XtablesKind } from './resource.ts'

/** The program of iptables for a family, of a kind. */
export const programOf = ({ family, legacy }: XtablesKind): string =>
  `${family === 4 ? 'iptables' : 'ip6tables'}${legacy ? '-legacy' : ''}`

function routeName({ type, dst, via, dev, table }: Route): string {
  const way = type ?? `${via ? `via ${via} ` : ''}on ${dev}`
  return `route ${dst} ${way}${table === undefined ? '' : ` of table ${table}`}`
}

/** The resource in the words of the tools, for messages. */
export function nameOf(resource: Resource): string {
  const where = resource.netns === null ? '' : ` in ${resource.netns}`
  switch (resource.kind) {
    case 'link':
      return `link ${resource.name}${where}`
    case 'moved-link':
      return `link ${resource.name}${where}, which is ${resource.was.name} of the host`
    case 'address':
      return `address ${resource.address} on ${resource.dev}${where}`
    case 'route':
      return `${routeName(resource)}${where}`
    case 'displaced':
      return nameOf(resource.what)
    case 'rule':
      return `rule from ${resource.from}${resource.table === undefined ? '' : ` to table ${resource.table}`}${where}`
    case 'membership':
      return `membership of ${resource.dev} in ${resource.master}${where}`
    case 'neighbour':
      return `neighbour ${resource.address} on ${resource.dev}${where}`
    case 'setting':
      return `sysctl ${resource.key.replaceAll('/', '.')}=${resource.value}${where}`
    case 'qdisc':
      return `qdisc ${resource.type} on ${resource.dev}`
    case 'bridge-vlan':
      return `VLANs of port ${resource.dev}`
    case 'block-policy':
      return `policies that block UDP port ${resource.port} in the clear`
    case 'fdb':
      return `forwarding entry ${resource.mac} on ${resource.dev}`
    case 'remotes':
      return `forwarding of ${resource.dev} to other hosts`
    case 'offload':
      return `checksum offload ${resource.value} of ${resource.dev}`
    case 'attribute':
      return `${resource.name} ${resource.value ?? ''} of ${resource.dev}${where}`
    case 'nft': {
      const table = `table ${resource.family} fairlead`
      if (resource.object !== 'element') return `nftables ${resource.object} ${resource.name} in ${table}`
      return `nftables element ${resource.key} of ${resource.set} in ${table}`
    }
    case 'nft-tagged':
      return `nftables rules "${resource.comment}" in table ${resource.family} ${resource.table}`
    case 'iptables':
      return `${programOf(resource)} rule ${resource.rule.join(' ')} of ${resource.chain} in table ${resource.table}`
    case 'iptables-chain':
      return `${programOf(resource)} chain ${resource.chain} in table ${resource.table}`
    case 'zone-source':
      return `source ${resource.source} of firewalld zone ${resource.zone}`
  }
}

/**
 * Why the kernel or a tool refused. `taken`: the object exists; `absent`: what it refers to does not; `lacking`: the kernel
 * has no such thing; `unfit`: a sysctl does not take the value; `foreign`: a namespace is of another kind.
 */
export type KernelFault =
  | 'taken'
  | 'absent'
  | 'denied'
  | 'lacking'
  | 'unfit'
  | 'foreign'
  | 'tool-missing'
  | 'timeout'
  | 'other'

/** A resource could not be made, removed or read. */
export class KernelError extends Error {
  readonly fault: KernelFault
  readonly resource: Resource | undefined
  constructor(message: string, fault: KernelFault, resource?: Resource) {
    super(message)
    this.name = 'KernelError'
    this.fault = fault
    this.resource = resource
  }
}

/** For `catch`: in a namespace of another kind there is nothing to be found, or to be removed. */
export function exceptForeign(error: unknown): undefined {
  if (!(error instanceof KernelError) || error.fault !== 'foreign') throw error
}
