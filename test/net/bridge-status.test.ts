import t from 'tap'
import { bridgeConf, type Conf, call, hostLocal, must } from '../support/call.ts'
import { bin, type Host, withHost } from '../support/host.ts'

const status = (host: Host, conf: Conf) => call(host, 'STATUS', conf, { containerId: '', ifName: '' })
const narrow = {
  type: 'host-local',
  ranges: [[{ subnet: '10.88.0.0/24', rangeStart: '10.88.0.2', rangeEnd: '10.88.0.3' }]],
}
const conf = bridgeConf({ ipam: narrow })
const ready = { code: 0, stdout: '', stderr: '' }

t.test('STATUS of a host that can serve is silent', t =>
  withHost(t, async host => {
    t.match(await status(host, conf), ready)
    t.match(await status(host, bridgeConf({ ipam: {}, isGateway: false })), ready, 'without IPAM')
    t.strictSame((await host.ip('link')).map(({ ifname }) => ifname).sort(), ['lo', 'up0', 'up1'], 'it makes no link')
  }),
)

t.test('STATUS with a full range of living owners is 50, and ready once one is gone', t =>
  withHost(t, async host => {
    const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
    await must(host, 'ADD', conf, { netns: a })
    t.match(await status(host, conf), ready, 'one is free')
    await must(host, 'ADD', conf, { netns: b })
    t.match(
      await status(host, conf),
      { code: 1, error: { code: 50, msg: /10\.88\.0\.2-10\.88\.0\.3/ } },
      'none is free',
    )
    await a.remove()
    t.match(await status(host, conf), ready, 'one can be reclaimed')
    const c = await host.sandbox('c')
    t.match(await must(host, 'ADD', conf, { netns: c }), { ips: [{ address: '10.88.0.2/24' }] }, 'ADD reclaims it')
  }),
)

t.test('STATUS counts torn leases and those of an earlier boot as reclaimable, younger ones not', t =>
  withHost(t, async host => {
    const write = (age: string) =>
      host.sh(`mkdir -p /var/lib/cni/networks/net1 && cd /var/lib/cni/networks/net1
printf 'go\\r\\neth0' >10.88.0.2; : >10.88.0.3; touch -d '${age}' 10.88.0.2 10.88.0.3`)
    await write('now')
    t.match(await status(host, conf), { code: 1, error: { code: 50 } }, 'both may be alive')
    await host.sh("touch -d '2 minutes ago' /var/lib/cni/networks/net1/10.88.0.3")
    t.match(await status(host, conf), ready, 'the empty one is torn')
    await write('now')
    await host.sh("touch -d '20 years ago' /var/lib/cni/networks/net1/10.88.0.2")
    t.match(await status(host, conf), ready, 'the other is older than the boot')
  }),
)

t.test('STATUS with one of two range sets full is 50', t =>
  withHost(t, async host => {
    const two = bridgeConf({ ipam: { type: 'host-local', ranges: [...narrow.ranges, [{ subnet: 'fd00:88::/64' }]] } })
    for (const name of ['a', 'b']) await must(host, 'ADD', two, { netns: await host.sandbox(name) })
    t.match(await status(host, two), { code: 1, error: { code: 50, msg: /10\.88\.0\.2/ } })
  }),
)

t.test('STATUS with a dataDir that cannot be written is 50 and names it', t =>
  withHost(t, async host => {
    await host.sh('mkdir /run/leases && mount -t tmpfs -o ro none /run/leases')
    const ipam = { ...hostLocal('10.88.0.0/16'), dataDir: '/run/leases' }
    t.match(await status(host, bridgeConf({ ipam })), { code: 1, error: { code: 50, msg: /\/run\/leases/ } })
  }),
)

t.test('STATUS with a dataDir that can never be made is 50, soon', t =>
  withHost(t, async host => {
    const conf = bridgeConf({ ipam: { ...hostLocal('10.88.0.0/16'), dataDir: '/proc/x' } })
    const ran = await host.exec([`${bin}/bridge`], {
      input: JSON.stringify(conf),
      env: { CNI_COMMAND: 'STATUS', CNI_PATH: bin },
      deadline: 3_000,
    })
    t.match(ran, { code: 1, stdout: /"code": 50[\s\S]*\/proc\/x/ })
  }),
)

t.test('STATUS with a state directory that cannot be written is 50', t =>
  withHost(t, async host => {
    await host.sh('mkdir -p /var/lib/cni/fairlead && mount -t tmpfs -o ro none /var/lib/cni/fairlead')
    t.match(await status(host, conf), { code: 1, error: { code: 50, msg: /\/var\/lib\/cni\/fairlead/ } })
  }),
)

t.test('STATUS runs at most one child process', t =>
  withHost(t, async host => {
    const log = { file: '/run/log', level: 'debug' }
    t.match(await status(host, bridgeConf({ log, macspoofchk: true })), ready)
    t.ok(JSON.parse(await host.sh('cat /run/log')).commands.length <= 1)
  }),
)

t.test('STATUS with an IPAM plugin that cannot be found is 50 and names it', t =>
  withHost(t, async host => {
    t.match(await status(host, bridgeConf({ ipam: { type: 'absent' } })), {
      code: 1,
      error: { code: 50, msg: /"absent"/ },
    })
  }),
)
