import t from 'tap'
import { call, must } from '../support/call.ts'
import type { Host } from '../support/host.ts'
import { fixedConf, join, withLan } from '../support/lan.ts'

const first = '192.0.2.50/24'
const mac = '02:00:00:00:00:07'

/** Adds a container beside others, which must fail, and gives the error. */
async function refused(host: Host, change: Readonly<Record<string, unknown>>) {
  const sandbox = await host.sandbox('late')
  const { code, error } = await call(host, 'ADD', fixedConf('192.0.2.51/24', change), {
    netns: sandbox,
    containerId: 'late',
  })
  t.equal(code, 1)
  await sandbox.remove()
  return error
}

t.test('a parent that a container has alone is told of to the next', t =>
  withLan(t, async host => {
    await join(host, 'a', fixedConf(first, { mode: 'passthru' }))
    for (const mode of ['bridge', 'passthru']) {
      t.match(await refused(host, { mode }), { msg: /^Cannot attach eth0 .*passthru.*choose another "master"/ }, mode)
    }
  }),
)

t.test('a parent that has containers is not had alone', t =>
  withLan(t, async host => {
    await join(host, 'a', fixedConf(first))
    const error = await refused(host, { mode: 'passthru' })
    t.match(error, { msg: /up0 has other links of macvlan, and mode passthru takes a parent alone\. Remove those/ })
  }),
)

t.test('a MAC address that another container has, or the parent, is told of', t =>
  withLan(t, async host => {
    await join(host, 'a', fixedConf(first, { mac }))
    const [{ address }] = await host.ip('link', 'show', 'dev', 'up0')
    for (const taken of [mac, address]) {
      const says = `MAC address ${taken} is that of up0, or of another container on it\\. Choose another "mac"`
      t.match(await refused(host, { mac: taken }), { msg: new RegExp(says) })
    }
  }),
)

t.test('an interface without Ethernet carries no containers, as STATUS says too', t =>
  withLan(t, async host => {
    await host.sh('ip tuntap add tun0 mode tun && ip link set tun0 up')
    const says = /^Cannot use tun0 as parent: it is no Ethernet interface.*Name another by "master"/
    t.match(await refused(host, { master: 'tun0' }), { code: 7, msg: says })
    const { error } = await call(host, 'STATUS', fixedConf(first, { master: 'tun0' }), { containerId: '', ifName: '' })
    t.match(error, { code: 50, msg: says })
  }),
)

t.test('a container that is refused so leaves the others and the host as they were', t =>
  withLan(t, async host => {
    const { sandbox } = await join(host, 'a', fixedConf(first, { mac }))
    const before = await host.sh('ip link; ip address')
    await refused(host, { mac })
    t.equal(await host.sh('ip link; ip address'), before)
    await must(host, 'DEL', fixedConf(first, { mac }), { netns: sandbox })
  }),
)
