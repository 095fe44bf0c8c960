import t from 'tap'
import { bridgeConf, call, must } from '../support/call.ts'
import { withHost } from '../support/host.ts'
import { everything, records, tuned, tuning, untuned } from '../support/tuned.ts'

t.test('ADD sets every attribute and sysctl and says so in the result; DEL gives back what was before', t =>
  withHost(t, async host => {
    const { options, sandbox, conf } = await untuned(host)
    const before = await tuning(sandbox)
    const result = await must(host, 'ADD', conf(), options)
    t.match(await tuning(sandbox), tuned)
    t.match(result.interfaces[2], { name: 'eth0', mac: '02:AA:BB:00:00:01', mtu: 1400 }, 'the MAC is as it was written')
    t.match(result.interfaces[1], { mtu: 1500 }, 'the host end is as it was')
    await must(host, 'CHECK', { ...conf(), prevResult: result }, options)
    await must(host, 'CHECK', { ...bridgeConf(), prevResult: result }, options)
    await must(host, 'DEL', { ...conf(), prevResult: result }, options)
    t.same(await tuning(sandbox), before)
    t.same(await records(host), [])
    await must(host, 'DEL', conf(), options)
    t.same(await tuning(sandbox), before, 'a second DEL changes nothing')
  }),
)

t.test('DEL needs neither prevResult nor the configuration of ADD, and takes a namespace that is gone', t =>
  withHost(t, async host => {
    const { options, sandbox, conf } = await untuned(host)
    const before = await tuning(sandbox)
    await must(host, 'ADD', conf(), options)
    await must(host, 'DEL', { ...conf({ mtu: 1300 }), prevResult: undefined }, { ...options, netns: '' })
    t.same(await tuning(sandbox), before)
    await must(host, 'ADD', conf(), options)
    await sandbox.remove()
    await must(host, 'DEL', conf(), options)
    t.same(await records(host), [])
  }),
)

t.test('DEL leaves alone what somebody else has set since, and what stands at the path of a sandbox that is gone', t =>
  withHost(t, async host => {
    const { options, sandbox, conf } = await untuned(host)
    await must(host, 'ADD', conf(), options)
    await sandbox.exec(['ip', 'link', 'set', 'eth0', 'mtu', '1350'])
    await sandbox.exec(['sh', '-c', 'echo 600 > /proc/sys/net/core/somaxconn'])
    await must(host, 'DEL', conf(), options)
    t.match(await tuning(sandbox), { mtu: '1350', 'net/core/somaxconn': '600', promisc: 'false' })
    await must(host, 'ADD', conf(), options)
    await sandbox.remove()
    const other = await host.sandbox('a')
    await host.sh('ip -n a link add eth0 type veth peer name eth1; ip -n a link set eth0 mtu 1400 txqueuelen 50')
    await must(host, 'DEL', conf(), options)
    t.match(await tuning(other), { mtu: '1400', txQLen: '50' })
  }),
)

t.test('a second ADD keeps the values of before the first', t =>
  withHost(t, async host => {
    const { options, sandbox, conf } = await untuned(host)
    const before = await tuning(sandbox)
    await must(host, 'ADD', conf(), options)
    await must(host, 'ADD', conf(), options)
    t.match(await tuning(sandbox), tuned)
    t.equal((await records(host)).length, 1)
    await must(host, 'ADD', conf({ ...everything, mtu: 1300 }), options)
    t.match(await tuning(sandbox), { ...tuned, mtu: '1300' })
    await must(host, 'DEL', conf({ ...everything, mtu: 1300 }), options)
    t.same(await tuning(sandbox), before, 'also where its configuration has changed in between')
    t.same(await records(host), [])
  }),
)

t.test('two tunings in one list stand on each other', t =>
  withHost(t, async host => {
    const { options, sandbox, conf } = await untuned(host)
    const before = await tuning(sandbox)
    const [first, second] = [conf({ mtu: 1400, promisc: true }), conf({ mtu: 1300, txQLen: 9 })]
    const add = async () => {
      const result = await must(host, 'ADD', first, options)
      return must(host, 'ADD', { ...second, prevResult: result }, options)
    }
    const prevResult = await add()
    t.equal(prevResult.interfaces[2].mtu, 1300)
    t.equal((await records(host)).length, 2)
    for (const each of [first, second]) await must(host, 'CHECK', { ...each, prevResult }, options)
    await add()
    t.match(await tuning(sandbox), { mtu: '1300', promisc: 'true', txQLen: '9' }, 'after a second ADD of both')
    for (const each of [second, first]) await must(host, 'DEL', { ...each, prevResult }, options)
    t.same(await tuning(sandbox), before)
    await add()
    await must(host, 'DEL', conf({ mtu: 1250 }), options)
    t.same(await tuning(sandbox), before, 'a DEL with another configuration takes both')
    await add()
    await must(host, 'GC', { ...first, prevResult: undefined, 'cni.dev/valid-attachments': [] }, options)
    t.same(await tuning(sandbox), before, 'so does GC')
    t.same(await records(host), [])
  }),
)

t.test('with nothing to do the result passes through, without a record and without a process', t =>
  withHost(t, async host => {
    const { options, conf } = await untuned(host)
    const env = { FAIRLEAD_LOG_LEVEL: 'debug' }
    const rows = [
      {},
      { sysctl: null, mac: null, mtu: null, promisc: null, allmulti: null, txQLen: null, dataDir: null, args: null },
      { sysctl: {}, mac: '', mtu: 0, promisc: false, args: { cni: {} } },
      { args: { podman_options: { isolate: 'true' }, podman_labels: {}, cni: { sysctl: {}, labels: [] } } },
    ]
    for (const row of rows) {
      const bare = conf(row)
      for (const operation of ['ADD', 'CHECK', 'DEL']) {
        const { code, stdout, stderr } = await call(host, operation, bare, { ...options, env })
        t.equal(code, 0, `${operation} of ${JSON.stringify(row)} succeeds: ${stdout}`)
        t.same(JSON.parse(stderr).commands, [], `${operation} runs nothing`)
        if (operation === 'ADD') t.same(JSON.parse(stdout), bare.prevResult)
      }
      t.same(await records(host), [])
    }
  }),
)

t.test('what the runtime asks for wins, in the order of the reference', t =>
  withHost(t, async host => {
    const { options, sandbox, conf } = await untuned(host)
    const macs = [1, 2, 3, 4].map(n => `02:00:00:00:00:0${n}`)
    const rows = [
      [{ mac: macs[0] }, {}, macs[0]],
      [{ mac: macs[0] }, { args: `MAC=${macs[1]}` }, macs[1]],
      [{ mac: macs[0], runtimeConfig: { mac: macs[2] } }, { args: `MAC=${macs[1]}` }, macs[2]],
      [{ runtimeConfig: { mac: macs[2] }, args: { cni: { mac: macs[3] } } }, { args: `MAC=${macs[1]}` }, macs[3]],
    ] as const
    for (const [change, more, mac] of rows) {
      await must(host, 'ADD', conf(change), { ...options, ...more })
      t.match(await tuning(sandbox), { mac })
      await must(host, 'DEL', conf(change), { ...options, ...more })
    }
    const cni = { sysctl: { 'net/core/somaxconn': '700' }, promisc: false, mtu: 1300, allmulti: false, txQLen: 7 }
    await must(host, 'ADD', conf({ ...everything, args: { cni } }), options)
    const wanted = {
      mtu: '1300',
      promisc: 'false',
      txQLen: '7',
      'net/core/somaxconn': '700',
      'net/ipv4/conf/eth0/arp_filter': '1',
    }
    t.match(await tuning(sandbox), wanted)
    await must(host, 'DEL', conf({ args: { cni: { sysctl: { 'net.core.somaxconn': '800' } } } }), options)
    await must(host, 'ADD', conf({ args: { cni: { sysctl: { 'net.core.somaxconn': '800' } } } }), options)
    t.match(await tuning(sandbox), { 'net/core/somaxconn': '800' }, 'args.cni.sysctl needs no sysctl beside it')
  }),
)
