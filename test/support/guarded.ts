/** Networks with a policy, on hosts where each part of it has something to do. */
import { fullConf } from './attachment.ts'
import type { Conf } from './call.ts'
import type { Host } from './host.ts'
import { attachedTo } from './policy.ts'

const isolated = { isolation: 'isolated', hostAccess: 'dns' }

/** The policy of the bridge itself, and of the plugin behind it. */
export const guarded: { readonly bridge: Conf; readonly firewall: Conf } = {
  bridge: { ...fullConf, ...isolated },
  firewall: { ...attachedTo('a'), ...isolated },
}

/** A host that drops what it has no rule for, so that iptables has a part in it. */
export const dropping = (host: Host) => host.sh('iptables -P FORWARD DROP && ip6tables -P FORWARD DROP')
