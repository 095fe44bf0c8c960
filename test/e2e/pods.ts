/** Pods of containerd, as the kubelet asks for them, on networks that nodes of Kubernetes have. */
import { networkOfPods } from '../../lib/cli/install/profile.ts'
import { bin } from '../support/host.ts'
import { type Cri, criClient, type Pod } from './cri.ts'
import { type Release, socket, startContainerd } from './daemon.ts'
import { home, type Node, type Scope, startNode } from './node.ts'

const subnets = ['10.99.20.0/24', 'fd99:20::/64']

/** What `fairlead install` writes: one plugin, in any version that a runtime knows. */
export const single = networkOfPods(subnets)

/** The chain of plugins that is usual on nodes. */
export const chain = {
  cniVersion: '1.0.0',
  name: 'pods',
  plugins: [
    {
      type: 'bridge',
      bridge: 'pods0',
      isGateway: true,
      ipMasq: true,
      hairpinMode: true,
      promiscMode: false,
      ipam: {
        type: 'host-local',
        ranges: subnets.map(subnet => [{ subnet }]),
        routes: [{ dst: '0.0.0.0/0' }, { dst: '::/0' }],
      },
    },
    { type: 'portmap', capabilities: { portMappings: true }, snat: true },
    { type: 'bandwidth', capabilities: { bandwidth: true } },
    { type: 'firewall' },
    { type: 'tuning', capabilities: { mac: true, 'io.kubernetes.cri.pod-annotations': true } },
  ],
}

/** The bridge stays when its last pod goes. */
export const kept = ['pods0']

export interface Pods {
  readonly node: Node
  readonly cri: Cri
  readonly release: Release
}

/** A node with containerd and a network for pods. */
export async function startPods(t: Scope, release: Release, network: object, plugins = bin): Promise<Pods> {
  const node = await startNode(t)
  node.write('/etc/cni/net.d/10-pods.conflist', JSON.stringify(network))
  await startContainerd(t, node, plugins, release)
  const cri = criClient(node.path(socket))
  t.teardown(() => cri.close())
  return { node, cri, release }
}

export interface Wish {
  readonly name: string
  /** Port of the host to publish the web server at. */
  readonly port?: number
  /** Milliseconds that containerd has to start it. */
  readonly deadline?: number
}

/** Starts a pod whose bandwidth is limited. */
export function startPod({ node, cri }: Pods, { name, port, deadline }: Wish): Promise<Pod> {
  const annotations = { 'kubernetes.io/ingress-bandwidth': '10M' }
  const ports = port === undefined ? [] : [{ host: port, container: 80 }]
  return cri.runPod({ name, group: `/${node.group}`, logs: `${home}/logs`, ports, annotations }, { deadline })
}

/** Stops and removes a pod. */
export async function endPod({ cri }: Pods, pod: Pod): Promise<void> {
  await cri.stopPod(pod)
  await cri.removePod(pod)
}
