/** CHECK of what a result tells of beside what the plugin itself has made, and of each lease. */
import t from 'tap'
import { bridgeConf, type Conf, call, hostLocal, must } from '../support/call.ts'
import { withHost } from '../support/host.ts'

const ipam = hostLocal('10.60.0.0/16', 'fd60::/64')
const confs: Readonly<Record<string, Conf>> = {
  bridge: bridgeConf({ ipam }),
  macvlan: { cniVersion: '1.1.0', name: 'net1', type: 'macvlan', master: 'up0', ipam },
  ptp: { cniVersion: '1.1.0', name: 'net1', type: 'ptp', ipam },
}

for (const [type, conf] of Object.entries(confs)) {
  t.test(`${type}: addresses and routes that the result tells of have to be there`, t =>
    withHost(t, async host => {
      const netns = await host.sandbox('a')
      const result = await must(host, 'ADD', conf, { netns })
      const checked = (change: object) =>
        call(host, 'CHECK', { ...conf, prevResult: { ...result, ...change } }, { netns })
      const own = result.ips[0].interface
      const address = { ips: [...result.ips, { address: '10.99.0.1/24', interface: own }] }
      const route = { routes: [...result.routes, { dst: '10.222.0.0/16' }] }
      t.match(await checked(address), { code: 1, error: { msg: /10\.99\.0\.1\/24/ } })
      t.match(await checked(route), { code: 1, error: { msg: /10\.222\.0\.0\/16/ } })
      t.match(await checked({}), { code: 0 })
      await host.sh('ip -n a address add 10.99.0.1/24 dev eth0; ip -n a route add 10.222.0.0/16 dev eth0')
      t.match(await checked({ ...address, ...route }), { code: 0 }, 'as a later plugin may have made them')
    }),
  )

  t.test(`${type}: each lease has to be there, and its own`, t =>
    withHost(t, async host => {
      const netns = await host.sandbox('a')
      const prevResult = await must(host, 'ADD', conf, { netns })
      const checked = (asked: Conf) => call(host, 'CHECK', { ...asked, prevResult }, { netns })
      const [v4] = prevResult.ips[0].address.split('/')
      const file = `/var/lib/cni/networks/net1/${v4}`
      const alone = { ...conf, type: 'host-local' }
      for (const damage of [`rm ${file}`, `printf 'other\\r\\neth0' >${file}`]) {
        await host.sh(damage)
        for (const asked of [conf, alone])
          t.match(await checked(asked), { code: 1, error: { msg: new RegExp(`lease of ${v4}`) } })
      }
      await host.sh(`printf 'a\\r\\neth0' >${file}`)
      for (const asked of [conf, alone]) t.match(await checked(asked), { code: 0 })
    }),
  )
}
