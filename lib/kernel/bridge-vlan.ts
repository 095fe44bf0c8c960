/** VLANs of bridge ports, by one process of bridge(8) for all of them. */
import type { Missing } from './missing.ts'
import { runLines } from './process-batch.ts'
import { type BridgeVlan, KernelError, nameOf, type VlanRange } from './resource.ts'
import { token } from './token.ts'
import { faultOf, type Tools } from './tool.ts'

/** 802.1Q: 0 and 4095 are reserved. */
const least = 1
const most = 4094

interface Line {
  readonly text: string
  readonly resource: BridgeVlan
}

const words = ({ first, last }: VlanRange): string => token(first === last ? `${first}` : `${first}-${last}`)

/** Every VLAN of the port, in order. */
const rangesOf = ({ native, tagged }: BridgeVlan): readonly VlanRange[] =>
  [...(native === undefined ? [] : [{ first: native, last: native }]), ...tagged].toSorted(
    (left, right) => left.first - right.first,
  )

/** What lies between ranges, before and after them. */
function gapsOf(ranges: readonly VlanRange[]): readonly VlanRange[] {
  const starts = [least, ...ranges.map(({ last }) => last + 1)]
  const ends = [...ranges.map(({ first }) => first - 1), most]
  return starts.map((first, index) => ({ first, last: ends[index] ?? most })).filter(({ first, last }) => first <= last)
}

/** The lines that give a port its VLANs, and take the others from it; one that it does not have is no error. */
export function vlanLines(resource: BridgeVlan): readonly Line[] {
  const { native, tagged, keepsOthers } = resource
  const at = `dev ${token(resource.dev)} vid`
  const texts = [
    ...(native === undefined ? [] : [`vlan add ${at} ${words({ first: native, last: native })} pvid untagged`]),
    ...tagged.map(range => `vlan add ${at} ${words(range)}`),
    ...(keepsOthers ? [] : gapsOf(rangesOf(resource)).map(range => `vlan del ${at} ${words(range)}`)),
  ]
  return texts.map(text => ({ text, resource }))
}

/**
 * Gives ports their VLANs. They must be ports of a bridge by then.
 *
 * @throws KernelError that names the port
 */
export async function ensureBridgeVlans(tools: Tools, resources: readonly BridgeVlan[]): Promise<void> {
  const lines = resources.flatMap(vlanLines)
  const [first] = await runLines(
    tools,
    ['bridge', '-batch', '-'],
    lines.map(({ text }) => text),
  )
  if (!first) return
  const line = lines[first.index]
  const what = line ? `${nameOf(line.resource)} (bridge ${line.text})` : 'bridge'
  throw new KernelError(`${what}: ${first.text.replaceAll('\n', '; ')}`, faultOf(first.text), line?.resource)
}

/** A port of a bridge, by what tells whose it is. */
export interface Port {
  readonly name: string
  readonly alias: string
  readonly group: string
}

/** The ports of a bridge: links whose names nobody knows beforehand. Throws KernelError where `ip` cannot run. */
export async function portsOn(tools: Tools, bridge: string): Promise<readonly Port[]> {
  const { stdout } = await tools.run(['ip', '-j', 'link', 'show', 'master', token(bridge)])
  const ports =
    stdout.trim() === '' ? [] : (JSON.parse(stdout) as { ifname?: string; ifalias?: string; group?: string }[])
  return ports.flatMap(({ ifname, ifalias: alias = '', group = '' }) =>
    ifname ? [{ name: ifname, alias, group }] : [],
  )
}

interface ListedVlan {
  readonly vlan: number
  readonly vlanEnd?: number
  readonly flags?: readonly string[]
}

interface Listed {
  readonly ifname: string
  readonly vlans?: readonly ListedVlan[]
}

type Kind = 'native' | 'tagged' | 'mixed'

/** VLANs of a port. `mixed`: frames come in with a tag and go out without one, or the reverse. */
type Found = ReadonlyMap<number, Kind>

function kindOf(flags: readonly string[]): Kind {
  const [pvid, untagged] = [flags.includes('PVID'), flags.includes('Egress Untagged')]
  if (pvid !== untagged) return 'mixed'
  return pvid ? 'native' : 'tagged'
}

/** The VLANs of ports, by name. The kernel is asked once, and tells of all ports whatever it is asked for. */
export async function bridgeVlans(tools: Tools, ports: readonly string[]): Promise<ReadonlyMap<string, Found>> {
  const [only, ...others] = new Set(ports)
  const one = only !== undefined && others.length === 0
  const output = await tools.run(['bridge', '-j', 'vlan', 'show', ...(one ? ['dev', token(only)] : [])])
  const fault = faultOf(output.stderr)
  if (output.code !== 0 && fault !== 'absent') {
    throw new KernelError(`bridge vlan show: ${output.stderr.trim()}`, fault)
  }
  const listed = output.stdout.trim() === '' ? [] : (JSON.parse(output.stdout) as Listed[])
  const entries = ({ vlan, vlanEnd = vlan, flags = [] }: ListedVlan) =>
    idsOf({ first: vlan, last: vlanEnd }).map(id => [id, kindOf(flags)] as const)
  return new Map(listed.map(({ ifname, vlans = [] }) => [ifname, new Map(vlans.flatMap(entries))]))
}

const idsOf = ({ first, last }: VlanRange): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index)

function faultIn(resource: BridgeVlan, found: Found): string | undefined {
  const { native, keepsOthers } = resource
  const ids = rangesOf(resource).flatMap(idsOf)
  const lost = ids.find(id => !found.has(id))
  if (lost !== undefined) return `lack ${lost}`
  if (native !== undefined && found.get(native) !== 'native') return `have ${native} not as the native one`
  const bare = ids.find(id => id !== native && found.get(id) !== 'tagged')
  if (bare !== undefined) return `have ${bare} without a tag`
  const wanted = new Set(ids)
  const other = [...found.keys()].find(id => !wanted.has(id))
  return other === undefined || keepsOthers ? undefined : `have ${other} too`
}

/** The ports that do not have the VLANs that they should. Throws KernelError where the kernel cannot be asked. */
export async function missingBridgeVlans(tools: Tools, resources: readonly BridgeVlan[]): Promise<readonly Missing[]> {
  const found = await bridgeVlans(
    tools,
    resources.map(({ dev }) => dev),
  )
  return resources.flatMap(resource => {
    const why = faultIn(resource, found.get(resource.dev) ?? new Map())
    return why === undefined ? [] : [{ resource, why }]
  })
}
