import { attachedTo } from '../../support/policy.ts'
import type { Refusal } from '../../support/refusal.ts'

const { prevResult } = attachedTo('free')
const { interfaces, ...rest } = prevResult as { interfaces: readonly object[] }
const policy = { isolation: 'same-network' }

const values: readonly Refusal[] = (
  [
    [{ backend: 'nftabels' }, 'the known backends are "auto", "nftables", "iptables" and "firewalld"'],
    [{ backend: 7 }, 'backend must be of type string'],
    [{ ingressPolicy: 'closed' }, 'ingressPolicy must be one of open, same-bridge, isolated'],
    [{ ingressPolicy: 'Isolated' }, 'ingressPolicy must be one of'],
    [{ ingressPolicy: ['isolated'] }, 'ingressPolicy must be one of'],
    [{ isolation: 'same-bridge' }, 'isolation must be one of open, same-network, isolated, internal'],
    [{ isolation: true }, 'isolation must be one of'],
    [{ hostAccess: 'some' }, 'hostAccess must be one of all, dns, none'],
    [{ isolation: 'internal', ingressPolicy: 'same-bridge' }, 'Leave one of the two out'],
    [{ iptablesAdminChainName: 'a b' }, 'iptablesAdminChainName must be the name of a chain'],
    [{ iptablesAdminChainName: '-F' }, 'iptablesAdminChainName must be the name of a chain'],
    ...['ACCEPT', 'DROP', 'RETURN', 'REJECT', 'FORWARD', 'INPUT', 'OUTPUT', 'CNI-FORWARD'].flatMap(name =>
      ['iptables', 'nftables'].map(
        backend =>
          [
            { backend, iptablesAdminChainName: name },
            'iptablesAdminChainName must be the name of a chain of your own',
          ] as const,
      ),
    ),
    [{ iptablesAdminChainName: 'x'.repeat(29) }, 'iptablesAdminChainName must be the name of a chain'],
    [{ firewalldZone: 'a zone' }, 'firewalldZone must be the name of a zone'],
    [{ strict: true, ingresPolicy: 'open' }, 'did you mean "ingressPolicy"?'],
    [{ prevResult: undefined }, 'prevResult is missing'],
    [{ prevResult: 'none' }, 'prevResult'],
    [{ prevResult: { ...rest, interfaces: [{ name: 'cni 1' }, ...interfaces] } }, 'whose name is none'],
    [{ prevResult: { ...rest, interfaces, ips: [{ address: '10.81.0.256/24' }] } }, '10.81.0.256/24'],
    [{ ...policy, prevResult: { ...rest, interfaces: interfaces.slice(2) } }, 'no link on the host'],
    [{ ...policy, prevResult: { ...rest, interfaces: [{ name: 'docker0' }] } }, 'no port of docker0'],
    [
      { ...policy, prevResult: { ...rest, interfaces: [{ name: 'cni1' }, { name: 'x'.repeat(16) }] } },
      'no name of a link',
    ],
  ] as const
).map(([conf, says]) => ({
  wrong: JSON.stringify(conf),
  conf: { prevResult, ...conf },
  code: 7,
  says,
}))

/** Configurations of firewall that make no sense, or none on the prepared host. */
export const firewall: readonly Refusal[] = [
  ...values,
  { wrong: 'firewalld where none runs', conf: { prevResult, backend: 'firewalld' }, code: 4, says: 'does not answer' },
  {
    wrong: 'isolation by iptables',
    conf: { prevResult, backend: 'iptables', isolation: 'internal' },
    code: 2,
    says: 'held by nftables',
  },
  { wrong: 'a call without CNI_NETNS', conf: { prevResult }, env: { CNI_NETNS: '' }, code: 4, says: 'CNI_NETNS' },
].map(row => ({ plugin: 'firewall', ...row, conf: { bridge: undefined, isGateway: undefined, ...row.conf } }))

/** Keys of bridge that the driver of firewall reads. */
export const policies: readonly Refusal[] = (
  [
    [{ isolation: 'none' }, 'isolation must be one of open, same-network, isolated, internal'],
    [{ isolation: 7 }, 'isolation must be'],
    [{ hostAccess: 'DNS' }, 'hostAccess must be one of all, dns, none'],
    [{ hostAccess: {} }, 'hostAccess must be'],
  ] as const
).map(([conf, says]) => ({ wrong: JSON.stringify(conf), conf, code: 7, says }))
