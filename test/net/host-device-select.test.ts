import t from 'tap'
import { type Conf, call, hostLocal, must } from '../support/call.ts'
import { type Host, withHost } from '../support/host.ts'

const pci = '/sys/bus/pci/devices'

/** Five links, and a machine in whose /sys each has a place. */
const machine = `for n in 1 2 3 4 5; do
  ip link add dev$n address 02:00:00:00:00:0$n type veth peer name far$n
done
ip link property add dev dev1 altname a-name-longer-than-any-other
mount -t tmpfs none /sys
mkdir -p /sys/devices/pci0000:00/0000:00:02.0/net/dev2
mkdir -p ${pci}/0000:00:03.0/net/dev3 ${pci}/0000:00:04.0/virtio1/net/dev4 ${pci}/0000:00:06.0
mkdir -p /sys/bus/auxiliary/devices/core.sf.5/net/dev5
ln -s ../drivers/e1000e ${pci}/0000:00:03.0/driver
ln -s ../drivers/virtio-pci ${pci}/0000:00:04.0/driver
ln -s ../../../../bus/pci/drivers/vfio-pci ${pci}/0000:00:06.0/driver`

const conf = (change: object): Conf => ({ cniVersion: '1.1.0', name: 'net1', type: 'host-device', ...change })
const chosen = (deviceID: string) => ({ runtimeConfig: { deviceID } })
const kernelpath = '/sys/devices/pci0000:00/0000:00:02.0'

/** How a device is named, and which it is. */
const named: Readonly<Record<string, readonly [change: object, number: number]>> = {
  'the name of its link': [{ device: 'dev1' }, 1],
  'its MAC': [{ hwaddr: '02:00:00:00:00:01' }, 1],
  'its MAC in capitals and dashes': [{ hwaddr: '02-00-00-00-00-01' }, 1],
  'its place in the kernel': [{ kernelpath }, 2],
  'its place on the PCI bus': [{ pciBusID: '0000:00:03.0' }, 3],
  'its place on the PCI bus, a level of virtio below': [{ pciBusID: '0000:00:04.0' }, 4],
  'the PCI device that the runtime chose': [chosen('0000:00:03.0'), 3],
  'the auxiliary device that the runtime chose': [chosen('core.sf.5'), 5],
  'several, the name before all': [
    { device: 'dev1', hwaddr: '02:00:00:00:00:02', kernelpath, ...chosen('core.sf.5') },
    1,
  ],
  'several, the MAC before the place': [{ hwaddr: '02:00:00:00:00:01', kernelpath, pciBusID: '0000:00:03.0' }, 1],
  'several, the place before the bus': [{ kernelpath, pciBusID: '0000:00:03.0' }, 2],
  'several, the PCI bus before the runtime': [{ pciBusID: '0000:00:03.0', ...chosen('core.sf.5') }, 3],
}

t.test('a device is found by', t =>
  withHost(t, async host => {
    await host.sh(machine)
    const netns = await host.sandbox('a')
    for (const [what, [change, number]] of Object.entries(named)) {
      await t.test(what, async t => {
        const result = await must(host, 'ADD', conf(change), { netns })
        const mac = `02:00:00:00:00:0${number}`
        t.match(result.interfaces, [{ name: 'eth0', mac }])
        t.match(await netns.ip('link', 'show', 'dev', 'eth0'), [{ address: mac, ifalias: `dev${number}` }])
        await must(host, 'DEL', conf(change), { netns })
        t.match(await host.ip('link', 'show', 'dev', `dev${number}`), [{ address: mac }])
      })
    }
  }),
)

const absent: Readonly<Record<string, object>> = {
  'an unknown name': { device: 'dev9' },
  'an unknown MAC': { hwaddr: '02:00:00:00:00:99' },
  'an unknown place': { kernelpath: '/sys/devices/none' },
  'a PCI device that is not there': { pciBusID: '0000:00:09.0' },
  'a device that the runtime chose and is not there': chosen('core.sf.9'),
}

t.test('where there is no such device, ADD says so and makes nothing, and DEL succeeds, for', t =>
  withHost(t, async host => {
    await host.sh(machine)
    const netns = await host.sandbox('a')
    for (const [what, change] of Object.entries(absent)) {
      await t.test(what, async t => {
        const [name] = Object.values(change).map(each => (typeof each === 'string' ? each : each.deviceID))
        const msg = new RegExp(`^Cannot move ${name} to the container: .*no link`)
        t.match(await call(host, 'ADD', conf(change), { netns }), { code: 1, error: { code: 7, msg } })
        t.match(await call(host, 'DEL', conf(change), { netns }), { code: 0, stdout: '' })
      })
    }
    t.same(
      (await netns.ip('link')).map(({ ifname }) => ifname),
      ['lo'],
    )
  }),
)

const leases = async (host: Host) => Object.keys(await host.files()).filter(path => path.includes('/net1/10.'))

t.test('a device that a program drives is not moved, but has an address', t =>
  withHost(t, async host => {
    await host.sh(machine)
    const netns = await host.sandbox('a')
    const given = conf({ ...chosen('0000:00:06.0'), ipam: hostLocal('10.88.0.0/24') })
    const prevResult = await must(host, 'ADD', given, { netns })
    t.same(prevResult.interfaces, [{ name: 'eth0', sandbox: netns.path, pciID: '0000:00:06.0' }])
    t.match(prevResult.ips, [{ address: '10.88.0.2/24', interface: 0 }])
    t.same(await leases(host), ['/var/lib/cni/networks/net1/10.88.0.2'])
    t.match(await call(host, 'CHECK', { ...given, prevResult }, { netns }), { code: 0 })
    t.same(
      (await netns.ip('link')).map(({ ifname }) => ifname),
      ['lo'],
      'nothing is in the container',
    )
    await must(host, 'DEL', given, { netns: '', containerId: 'a' })
    t.same(await leases(host), [])
  }),
)
