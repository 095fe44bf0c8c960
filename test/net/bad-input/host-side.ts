import type { Refusal } from '../../support/refusal.ts'
import { rowsOf, type Wrong } from './rows.ts'

const dns: readonly Wrong[] = [
  [{ dns: { search: 'x' } }, 'dns.search must be of type array'],
  [{ dns: [] }, 'dns must be of type object'],
]
const mtus: readonly Wrong[] = [-1, 67, 65_536, 1500.5, '1500', true].map(mtu => [{ mtu }, 'mtu must be'])
const noIpam: readonly Wrong[] = [
  [{ ipam: 'host-local' }, 'ipam must be an object'],
  [{ ipam: { type: 5 } }, 'ipam must be an object'],
  [{ ipam: { type: 'nowhere' } }, 'nowhere'],
]

const ptp = rowsOf('ptp', {}, [
  ...dns,
  ...mtus,
  ...noIpam,
  [{ ipam: undefined }, 'Add "ipam"'],
  [{ ipam: {} }, 'Add "ipam"'],
  [{ ipam: { type: '' } }, 'Add "ipam"'],
  [{ ipMasq: 'yes' }, 'ipMasq must be of type boolean'],
  [{ ipMasqBackend: 'pf' }, 'ipMasqBackend'],
  [{ runtimeConfig: { mac: '03:00:00:00:00:01' } }, 'multicast'],
  [{ isGateway: true }, 'isGateway'],
])

const tap = rowsOf('tap', { ipam: undefined }, [
  [{ mtu: 65_522 }, 'mtu must be 0 or from 68 to 65521'],
  ...dns,
  ...mtus,
  ...noIpam,
  ...[-1, 2 ** 32 - 1, 1.5, 'root'].flatMap((id): Wrong[] => [
    [{ owner: id }, 'owner must be'],
    [{ group: id }, 'group must be'],
  ]),
  [{ multiQueue: 1 }, 'multiQueue must be of type boolean'],
  [{ mac: '02:00:00:00:00' }, 'six bytes'],
  [{ mac: '03:00:00:00:00:01' }, 'multicast'],
  [{ runtimeConfig: { mac: 'x' } }, 'six bytes'],
  ...['label', 'a:b', 'a:b:c;reboot', '--help', 'a b:c:d', 'a:b:c:s0\n'].map(
    (selinuxContext): Wrong => [{ selinuxContext }, 'selinuxContext must be a context'],
  ),
  [{ selinuxContext: 'a_u:b_r:c_t:s0' }, 'SELinux is off', 2],
  ...['', ' ', '../x', 'a/b', 'a:b', 'seventeen-letters', '.'].flatMap((bridge): Wrong[] =>
    bridge === '' ? [] : [[{ bridge }, 'bridge must be the name of a link']],
  ),
  [{ bridge: 'br9' }, 'has no bridge of that name'],
  [{ owners: 5 }, 'did you mean "owner"'],
])

const hostDevice = rowsOf('host-device', { ipam: undefined }, [
  ...dns.map(([change, says]): Wrong => [{ device: 'none0', ...change }, says]),
  ...noIpam.slice(0, 2).map(([change, says]): Wrong => [{ device: 'none0', ...change }, says]),
  [{}, 'names no device'],
  [{ device: '' }, 'names no device'],
  [{ device: 'none0' }, 'Cannot move none0 to the container'],
  ...['a/b', 'a b', '..', 'seventeen-letters'].map(
    (device): Wrong => [{ device }, 'device must be the name of a link'],
  ),
  ...['02:00:00:00:00', '02:00:00:00:00:0g', '0200.0000.0001', 'x'].map(
    (hwaddr): Wrong => [{ hwaddr }, 'hwaddr must be a MAC address'],
  ),
  ...['/sys/devices', '/sys/class/net/up0', '/sys/devices/../class/net', '/sys/devices/x/..', 'devices/x', '/etc'].map(
    (kernelpath): Wrong => [{ kernelpath }, 'kernelpath must be a path below /sys/devices'],
  ),
  ...['03:00.0', '0000:03:00.8', '0000:03:00', '../0000:03:00.0', '0000:03:00.0/../..'].map(
    (pciBusID): Wrong => [{ pciBusID }, 'pciBusID must be a PCI device'],
  ),
  ...['../x', 'a/b', '-x', ' '].map((deviceID): Wrong => [{ runtimeConfig: { deviceID } }, 'runtimeConfig.deviceID']),
  [{ device: 5 }, 'device must be of type string'],
  [{ runtimeConfig: { deviceID: 5 } }, 'runtimeConfig.deviceID must be of type string'],
  [{ device: 'none0', runtimeConfig: { deviceID: ['0000:03:00.0'] } }, 'runtimeConfig.deviceID must be of type string'],
  [{ device: 'none0', dpdkMode: true }, 'dpdkMode'],
])

/** Bad input of the plugins that join a container to its host alone. */
export const hostSide: readonly Refusal[] = [...ptp, ...tap, ...hostDevice]
