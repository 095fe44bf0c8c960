import t from 'tap'
import { collecting, container } from '../support/attachment.ts'
import { bridgeConf, must } from '../support/call.ts'
import { fairlead, withHost } from '../support/host.ts'

t.test('GC forgets the addresses of a bridge that somebody removed, and of no other', t =>
  withHost(t, async host => {
    const options = await container(host)
    const shared = async () => Object.keys(await host.files()).filter(path => path.includes('/shared/'))
    for (const bridge of ['cni0', 'cni1']) {
      await must(host, 'ADD', bridgeConf({ bridge }), options)
      await must(host, 'DEL', bridgeConf({ bridge }), options)
    }
    const both = await shared()
    t.equal(both.length, 2)
    await host.sh('ip link del cni0')
    await must(host, 'GC', collecting(bridgeConf()))
    t.same(
      await shared(),
      both.filter(path => path.includes('/cni1/')),
    )
    await host.sh('ip link del cni1')
    t.equal((await host.exec([fairlead, 'gc'])).code, 0)
    t.same(await shared(), [], '`fairlead gc` does the same')
  }),
)
