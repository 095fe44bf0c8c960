/** What a runtime needs beside the plugins. */
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { CniError, code } from '../../cni/error.ts'
import { type Json, type JsonObject, parseObject, pick, pickObject } from '../../cni/json.ts'
import { familyOf, formatSubnet, parseSubnet } from '../../ipam/cidr.ts'
import type { Place } from './apply.ts'
import { document } from './files.ts'

/**
 * `nerdctl` finds free ports by what it reads in iptables. `podman` writes its networks itself. `kubernetes` is to have
 * the network of its pods written for it.
 */
export const profiles = ['none', 'nerdctl', 'podman', 'kubernetes'] as const
export type Profile = (typeof profiles)[number]

export interface ProfileOptions {
  readonly profile: Profile
  readonly confDir: string
  readonly podCidrs: readonly string[]
}

/** The file of the network of pods: the first by name is the one that counts. */
export const podNetwork = '10-fairlead.conflist'

function subnetOf(text: string): string {
  const subnet = parseSubnet(text)
  if (subnet) return formatSubnet(subnet)
  throw new CniError(
    code.config,
    `Cannot use pod CIDR ${JSON.stringify(text)}: it is no subnet, as 10.244.1.0/24 is one`,
  )
}

const cannotWrite = (why: string, remedy: string): CniError =>
  new CniError(code.config, `Cannot write the network of pods: ${why}. ${remedy}`)

/** A second subnet of a family would give every pod a second address of it, which no kubelet understands. */
function needOneOfEach(subnets: readonly string[]): void {
  for (const family of [4, 6]) {
    const [first, second] = subnets.filter(each => familyOf(each) === family)
    if (second === undefined) continue
    throw cannotWrite(`${first} and ${second} are both IPv${family}`, 'Give a pod CIDR once for each family')
  }
}

/** The network of a node's pods: host ports and limits as the kubelet asks for them, all by one plugin, which starts once. */
export function networkOfPods(podCidrs: readonly string[]): JsonObject {
  if (podCidrs.length === 0) {
    throw cannotWrite(
      'which addresses the pods of this node get is not known',
      'Say it by --pod-cidr, or by --node-spec',
    )
  }
  const subnets = podCidrs.map(subnetOf)
  needOneOfEach(subnets)
  const routes = subnets.map(each => ({ dst: each.includes(':') ? '::/0' : '0.0.0.0/0' }))
  const ipam = { type: 'host-local', ranges: subnets.map(subnet => [{ subnet }]), routes }
  const capabilities = { portMappings: true, bandwidth: true }
  const bridge = {
    type: 'bridge',
    bridge: 'pods0',
    isGateway: true,
    ipMasq: true,
    hairpinMode: true,
    capabilities,
    ipam,
  }
  // Runtimes that ask for STATUS know the second key. Others, containerd 1 among them, fail where an answer is newer than they.
  const version = { cniVersion: '1.0.0', cniVersions: ['1.0.0', '1.1.0'] }
  return { ...version, name: 'pods', plugins: [bridge] }
}

/** The directories that a profile has files in, and these. Throws CniError 7 for what it lacks. */
export function placesFor({ profile, confDir, podCidrs }: ProfileOptions): readonly Place[] {
  const defaults = profile === 'nerdctl' ? [document('fairlead.json', { backend: 'iptables' })] : []
  const networks = profile === 'kubernetes' ? [document(podNetwork, networkOfPods(podCidrs))] : []
  return [
    { directory: dirname(confDir), files: defaults },
    { directory: confDir, files: networks },
  ]
}

const texts = (value: Json | undefined): readonly string[] =>
  Array.isArray(value) ? value.filter(each => typeof each === 'string') : typeof value === 'string' ? [value] : []

/**
 * The pod CIDRs of a node, as `kubectl get node NAME -o json` prints it.
 *
 * @throws CniError 5 for a file that cannot be read, 6 for one that is no JSON object, 7 for a node that has none
 */
export async function podCidrsOf(file: string): Promise<readonly string[]> {
  const text = await readFile(file, 'utf8').catch(error => {
    throw new CniError(code.io, `Cannot read the node: ${error.message}`)
  })
  const spec = pickObject(parseObject(text, file), 'spec')
  const all = texts(pick(spec, 'podCIDRs'))
  const found = all.length > 0 ? all : texts(pick(spec, 'podCIDR'))
  if (found.length > 0) return found
  const msg = `Cannot tell the pod CIDR: the node in ${file} has none`
  const remedy = 'Have the controller manager give them out (--allocate-node-cidrs), or say it by --pod-cidr'
  throw new CniError(code.config, `${msg}. ${remedy}`)
}
