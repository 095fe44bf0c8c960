import t from 'tap'
import { call, must } from '../support/call.ts'
import { fakeIpam, type Reply } from '../support/fake-ipam.ts'
import { fixedConf, lanConf, lanIpam, withLan } from '../support/lan.ts'
import { trace } from '../support/trace.ts'

const conf = lanConf({ hostAccess: true })

const late = {
  'a gateway that cannot be reached': { routes: [{ dst: '0.0.0.0/0', gw: '198.51.100.1' }] },
  'a route that the kernel refuses': { routes: [{ dst: '10.0.0.0/8', gw: '192.0.2.2', scope: 254 }] },
}

for (const [what, ipam] of Object.entries(late)) {
  t.test(`an ADD that fails for ${what} leaves no link, and no address`, t =>
    withLan(t, async host => {
      const sandbox = await host.sandbox('a')
      const before = await trace(host)
      const failed = await call(host, 'ADD', { ...conf, ipam: { ...lanIpam, ...ipam } }, { netns: sandbox })
      t.match(failed, { code: 1, error: { msg: /^Cannot / } })
      t.same((await sandbox.ip('link')).length, 1)
      const { files, ...now } = await trace(host)
      t.match(now, { links: before.links, addresses: before.addresses, routes: before.routes })
      t.notMatch(files.join('\n'), /attachments|192\.0\.2\.|2001:db8/)
    }),
  )
}

const two = [{ address: '192.0.2.50/24' }, { address: '192.0.2.50/24' }]
const gives = (ips: object, keys: object = {}): Reply => ({ stdout: { cniVersion: '1.1.0', ips, ...keys } })
const wide = { routes: [{ dst: '10.0.0.0/8', gw: '192.0.2.2', priority: 2 ** 32 }] }
const replies: Readonly<Record<string, readonly [reply: Reply, error: { code: number; msg: RegExp }]>> = {
  fails: [
    { code: 1, stdout: { code: 11, msg: 'no address is free' } },
    { code: 11, msg: /no address is free/ },
  ],
  'gives no address': [gives([]), { code: 7, msg: /missing IP config/ }],
  'gives the same address twice': [gives(two), { code: 7, msg: /192\.0\.2\.50\/24.* the same address is there/ }],
  'gives a multicast address': [gives([{ address: 'FF02:0::1/64' }]), { code: 7, msg: /FF02:0::1\/64.* multicast/ }],
  'gives the address of the host': [gives([{ address: '192.0.2.1/24' }]), { code: 7, msg: /the host itself has it/ }],
  'gives a priority too large': [
    gives([{ address: '192.0.2.50/24' }], wide),
    { code: 7, msg: /10\.0\.0\.0\/8.* priority 4294967296 is no integer/ },
  ],
}

for (const [what, [reply, error]] of Object.entries(replies)) {
  t.test(`an ADD whose IPAM of another vendor ${what} leaves no link`, t =>
    withLan(t, async host => {
      const sandbox = await host.sandbox('a')
      const { type, path, answers, calls } = await fakeIpam(host)
      await answers('ADD', reply)
      const before = await trace(host)
      const failed = await call(host, 'ADD', { ...conf, ipam: { type } }, { netns: sandbox, path })
      t.match(failed, { code: 1, error })
      t.same((await sandbox.ip('link')).length, 1)
      const { links, addresses, routes, files } = await trace(host)
      t.match({ links, addresses, routes }, { ...before, files: undefined, rules: undefined })
      t.notMatch(files.join('\n'), /attachments/)
      t.same(
        (await calls()).map(({ operation }) => operation),
        ['ADD', 'DEL'],
      )
    }),
  )
}

const v6 = ['2001:db8::1/64', '2001:db8:0::1/128'] as const
t.test('a container does not get an IPv6 address of the host', t =>
  withLan(t, async host => {
    const sandbox = await host.sandbox('a')
    for (const address of v6) {
      const { error } = await call(host, 'ADD', fixedConf(address), { netns: sandbox })
      t.match(error, { code: 7, msg: /^Cannot give 2001:db8::1\/\d+: the host itself has it, on up0\. Choose/ })
    }
  }),
)

t.test('an IPAM of another vendor serves it', t =>
  withLan(t, async host => {
    const sandbox = await host.sandbox('a')
    const { type, path, answers, calls } = await fakeIpam(host)
    await answers('ADD', { stdout: { cniVersion: '1.1.0', ips: [{ address: '192.0.2.50/24', gateway: '192.0.2.2' }] } })
    const own = { ...conf, ipam: { type } }
    const result = await must(host, 'ADD', own, { netns: sandbox, path })
    t.match(result.ips, [{ address: '192.0.2.50/24', gateway: '192.0.2.2', interface: 0 }])
    t.equal((await host.exec(['ping', '-c1', '-W1', '192.0.2.50'])).code, 0)
    await must(host, 'CHECK', { ...own, prevResult: result }, { netns: sandbox, path })
    await must(host, 'DEL', own, { netns: sandbox, path })
    t.same(
      (await calls()).map(({ operation }) => operation),
      ['ADD', 'CHECK', 'DEL'],
    )
    t.same((await host.ip('link', 'show', 'type', 'macvlan')).length, 0)
  }),
)
