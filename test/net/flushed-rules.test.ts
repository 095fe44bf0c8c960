import t from 'tap'
import { bridgeConf, call, must } from '../support/call.ts'
import { fairlead, withHost } from '../support/host.ts'

const conf = bridgeConf({ macspoofchk: true })

for (const family of ['inet', 'bridge']) {
  t.test(`CHECK says what restores the rules that were flushed from table ${family} fairlead`, t =>
    withHost(t, async host => {
      const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
      await must(host, 'ADD', conf, { netns: a })
      await host.sh(`nft flush table ${family} fairlead`)
      const prevResult = await must(host, 'ADD', conf, { netns: b })
      const request = { ...conf, prevResult }
      const checked = await call(host, 'CHECK', request, { netns: b })
      t.match(checked.error, { code: 999, msg: /nftables chain .*\. Run "fairlead reconcile"/ })
      t.equal((await host.exec([fairlead, 'reconcile'])).code, 0)
      await must(host, 'CHECK', request, { netns: b })
      await host.sh('nft flush ruleset && nft add table inet fairlead')
      t.match((await call(host, 'CHECK', request, { netns: b })).error, { msg: /fairlead reconcile/ })
      await b.exec(['ip', 'route', 'del', 'default'])
      t.equal((await host.exec([fairlead, 'reconcile'])).code, 0)
      const { error } = await call(host, 'CHECK', request, { netns: b })
      t.match(error, { msg: /route .*\. Remove the attachment and add it again/ }, 'what is its own it gets by an ADD')
    }),
  )
}
