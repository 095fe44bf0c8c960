import { hostLocal } from '../call.ts'
import type { Case } from '../contract.ts'
import type { Host } from '../host.ts'

/** A device with all that it is to have again when it comes back. */
const makeDevice = (host: Host) =>
  host.sh(`if ip link show dev lan0 >/dev/null 2>&1; then exit 0; fi
ip link del lan1 2>/dev/null || :
ip link add lan0 mtu 1450 address 02:00:00:00:00:10 type veth peer name lan1 address 02:00:00:00:00:11
ip link set lan1 addrgenmode none up
ip link set lan0 up
ip link set lan0 alias "to the lab"
ip address add 198.51.100.1/24 dev lan0
ip address add 2001:db8:5::1/64 dev lan0 nodad`)

/** A virtual device in the place of hardware. */
export const hostDevice: Case = {
  name: 'host-device',
  conf: {
    cniVersion: '1.1.0',
    name: 'net1',
    type: 'host-device',
    device: 'lan0',
    ipam: hostLocal('198.51.100.0/24', '2001:db8:5::/64'),
  },
  prepare: makeDevice,
  revive: makeDevice,
  tools: ['ip', 'nsenter', 'tee'],
  modules: [],
  dispensable: /^(say neighbour add|run dmesg|run nsenter \S+ tee|end)\b/,
}
