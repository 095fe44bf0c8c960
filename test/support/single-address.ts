/** Addresses outside of all blocks, which containers ask for. */
import type { EtcdLab } from './overlay-etcd.ts'
import { until } from './until.ts'

/** In the first block of the subnet, which is nobody's. */
export const address = '10.200.0.9'
export const wanting = (ip: string) => ({ args: `IgnoreUnknown=1;IP=${ip}` })
export const asking = wanting(address)

/** The keys of single addresses in etcd. */
export const kept = async ({ cluster }: Pick<EtcdLab, 'cluster'>): Promise<readonly string[]> =>
  (await cluster.ctl('get', '--prefix', '--keys-only', '/fairlead/v1/place/')).split('\n').filter(Boolean)

/** True once there are so many. */
export const settled = (lab: Pick<EtcdLab, 'cluster'>, count: number) =>
  until(async () => ((await kept(lab)).length === count ? true : undefined), 10_000)
