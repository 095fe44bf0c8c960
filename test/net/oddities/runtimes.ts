import type { Odd } from './odd.ts'
import { layer2, range, ranges } from './parts.ts'

/** What podman, nerdctl and containerd write. */
export const runtimes: readonly Odd[] = [
  {
    odd: "podman's internal network",
    conf: {
      cniVersion: '0.4.0',
      isGateway: false,
      ipMasq: undefined,
      hairpinMode: true,
      capabilities: { ips: true },
      ...ranges(range),
    },
    gives: { ips: [{ version: '4', gateway: '10.88.0.1' }], dns: {} },
  },
  {
    odd: "podman's network without addresses",
    conf: { cniVersion: '0.4.0', hairpinMode: true, ipam: { type: '' } },
    gives: layer2,
  },
  {
    odd: "podman's labels and aliases",
    conf: {
      args: { podman_options: { isolate: 'true' }, podman_labels: { 'a "b"': 'c\n' } },
      runtimeConfig: { aliases: { net1: ['web'] } },
    },
  },
  {
    odd: 'a range that ends at the broadcast address',
    conf: ranges({ subnet: '10.88.1.0/24', rangeStart: '10.88.1.129', rangeEnd: '10.88.1.255' }),
  },
  {
    odd: 'a range that is the broadcast address',
    conf: ranges({ subnet: '10.88.1.0/24', rangeStart: '10.88.1.255', rangeEnd: '10.88.1.255' }),
    gives: { ips: [{ address: '10.88.1.255/24' }] },
  },
  {
    odd: "nerdctl's range and labels",
    conf: {
      strict: true,
      nerdctlID: 'f00',
      nerdctlLabels: { 'nerdctl/default-network': 'true' },
      ...ranges({ subnet: '10.88.1.0/24', rangeStart: '10.88.1.129', gateway: '10.88.1.1', ipRange: '10.88.1.128/25' }),
    },
    gives: { ips: [{ address: '10.88.1.129/24', gateway: '10.88.1.1' }] },
  },
  {
    odd: 'several ranges of one subnet in a set',
    conf: {
      name: 'net2',
      ...ranges(
        { subnet: '10.88.1.0/24', rangeStart: '10.88.1.1', rangeEnd: '10.88.1.4', gateway: '10.88.1.1' },
        { subnet: '10.88.1.0/24', rangeStart: '10.88.1.6', rangeEnd: '10.88.1.254' },
      ),
    },
    gives: { ips: [{ address: '10.88.1.2/24' }] },
  },
  {
    odd: 'a default route for one of two families',
    conf: {
      ipam: { type: 'host-local', ranges: [[range], [{ subnet: 'fd88::/64' }]], routes: [{ dst: '0.0.0.0/0' }] },
    },
    gives: { ips: [{ address: /^10\./ }, { address: /^fd88:/ }] },
  },
  {
    odd: 'a default route beside isDefaultGateway',
    conf: { isDefaultGateway: true },
    gives: { routes: [{ dst: '0.0.0.0/0', gw: '10.88.0.1' }] },
  },
  {
    odd: "containerd's port mappings and bandwidth",
    conf: {
      promiscMode: true,
      capabilities: { portMappings: true, bandwidth: true },
      runtimeConfig: {
        portMappings: [{ HostPort: 8080, ContainerPort: 80, Protocol: 'tcp', HostIP: '' }],
        bandwidth: { IngressRate: 0, IngressBurst: 4_294_967_295, EgressRate: 1_000_000, EgressBurst: 34_359_738_359 },
        cgroupPath: '/kubelet.slice',
        'io.kubernetes.cri.pod-annotations': { 'a.b/c': '{"d": "\u00e9"}' },
      },
    },
  },
]
