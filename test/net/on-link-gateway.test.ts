/** Gateways that are in no subnet of the interface, but behind a route on its link, as clouds have them. */
import t from 'tap'
import { type Conf, call, must } from '../support/call.ts'
import { withHost } from '../support/host.ts'

const ipam = {
  type: 'static',
  addresses: [{ address: '10.3.0.5/32' }, { address: 'fd03::5/128' }],
  // The default routes come first, as a server may tell them.
  routes: [
    { dst: '0.0.0.0/0', gw: '10.3.0.1' },
    { dst: '::/0', gw: 'fd03::1' },
    { dst: '10.3.0.1/32', scope: 253 },
    { dst: 'fd03::1/128' },
  ],
}

const plugins: Readonly<Record<string, object>> = {
  macvlan: { master: 'up0' },
  bridge: { bridge: 'cni0' },
}

for (const [type, keys] of Object.entries(plugins)) {
  t.test(`${type} reaches a gateway by a route on the link`, t =>
    withHost(t, async host => {
      const conf: Conf = { cniVersion: '1.1.0', name: 'net1', type, ...keys, ipam }
      const netns = await host.sandbox('a')
      const prevResult = await must(host, 'ADD', conf, { netns })
      const routes = [...(await netns.ip('route')), ...(await netns.ip('-6', 'route'))]
      const told = routes.map(({ dst, gateway }) => `${dst} ${gateway}`)
      for (const each of ['default 10.3.0.1', '10.3.0.1 undefined', 'default fd03::1', 'fd03::1 undefined'])
        t.ok(told.includes(each), each)
      t.same(prevResult.routes, ipam.routes, 'the result has them as they were asked for')
      await must(host, 'CHECK', { ...conf, prevResult }, { netns })
      await must(host, 'DEL', conf, { netns })
      const far = { ...ipam, routes: [{ dst: '0.0.0.0/0', gw: '10.4.0.1' }, ...ipam.routes.slice(2)] }
      const { error } = await call(host, 'ADD', { ...conf, ipam: far }, { netns })
      t.match(error, { code: 7, msg: /gateway 10\.4\.0\.1/ }, 'one behind none is refused')
    }),
  )
}
