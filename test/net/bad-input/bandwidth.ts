import type { Refusal } from '../../support/refusal.ts'

const sandbox = { name: 'eth0', mac: '02:00:00:00:00:03', sandbox: '/run/netns/free' }
const behind = (...interfaces: readonly object[]) => ({ interfaces: [...interfaces, sandbox], ips: [] })

const values: readonly Refusal[] = (
  [
    [{ ingressRate: -1 }, 'ingressRate must be at least 0'],
    [{ ingressRate: 0.5 }, 'ingressRate must be of type integer'],
    [{ egressRate: '10M' }, 'egressRate must be of type integer'],
    [{ egressRate: 2 ** 60 }, 'egressRate must be at most 9007199254740991'],
    [{ egressRate: 7 }, 'less than a byte in a second'],
    [{ egressRate: 0, egressBurst: 8 }, 'without a rate'],
    [{ ingressBurst: 800_000 }, 'without a rate'],
    [{ ingressRate: 8, ingressBurst: 1e300 }, 'ingressBurst must be'],
    [{ ingressRate: 8, shapedSubnets: ['10.0.0.0/33'] }, 'is no subnet'],
    [{ ingressRate: 8, shapedSubnets: ['::/0'], unshapedSubnets: ['0.0.0.0/0'] }, 'exclude each other'],
    [{ runtimeConfig: { bandwidth: { EgressBurst: 8 } } }, 'without a rate'],
    [{ runtimeConfig: { bandwidth: [] } }, 'runtimeConfig.bandwidth must be of type object'],
    [{ strict: true, egresRate: 8 }, 'did you mean "egressRate"?'],
  ] as const
).flatMap(([change, says]) => {
  const row = { wrong: JSON.stringify(change), code: 7, says }
  const plain = { ipMasq: undefined, isGateway: undefined, bridge: undefined, ipam: undefined }
  const prevResult = behind({ name: 'cni0' }, { name: 'up0' })
  const chained = { ...row, plugin: 'bandwidth', conf: { ...plain, prevResult, ...change } }
  return 'strict' in change ? [chained] : [chained, { ...row, conf: change }]
})

const limit = { ingressRate: 8_000_000, egressRate: 8_000_000 }

const attachments: readonly Refusal[] = (
  [
    [undefined, 'prevResult is missing'],
    [behind(), 'names no link of the host'],
    [behind({ name: 'nothing0' }), 'nothing0, which prevResult names, does not exist'],
    [behind({ name: 'docker0' }), 'docker0 is bridge and no veth'],
    [behind({ name: 'cni0' }, { name: 'lo' }), 'lo is a physical device and no veth'],
    [behind({ name: 'a b' }), 'an interface whose name is none'],
  ] as const
).map(([prevResult, says]) => ({
  plugin: 'bandwidth',
  wrong: `to limit ${JSON.stringify(prevResult)}`,
  conf: { ipMasq: undefined, isGateway: undefined, bridge: undefined, ipam: undefined, ...limit, prevResult },
  code: 7,
  says,
}))

/** What bandwidth, and bridge with its keys, must refuse. */
export const bandwidth: readonly Refusal[] = [...values, ...attachments]
