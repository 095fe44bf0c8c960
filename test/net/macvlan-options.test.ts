import t, { type Test } from 'tap'
import { type CallOptions, must } from '../support/call.ts'
import type { Host } from '../support/host.ts'
import { answering, fixedConf, known, lanConf, withLan } from '../support/lan.ts'

const mac = '02:00:00:00:00:42'
const other = { mac: '02:00:00:00:00:43' }

interface Row {
  readonly keys?: Readonly<Record<string, unknown>>
  readonly options?: CallOptions
  readonly link: object
}

const rows: Readonly<Record<string, Row>> = {
  'the MTU of the parent': { link: { mtu: 1500 } },
  'the MTU of the parent, for 0': { keys: { mtu: 0 }, link: { mtu: 1500 } },
  'as large an MTU as the parent': { keys: { mtu: 1500 }, link: { mtu: 1500 } },
  'a smaller MTU': { keys: { mtu: 1280 }, link: { mtu: 1280 } },
  'a queue for broadcasts': { keys: { bcqueuelen: 2000 }, link: { linkinfo: { info_data: { bcqueuelen: 2000 } } } },
  'a MAC of the configuration': { keys: { mac: mac.toUpperCase() }, link: { address: mac } },
  'a MAC of CNI_ARGS, before that': {
    keys: other,
    options: { args: `IgnoreUnknown=1;MAC=${mac}` },
    link: { address: mac },
  },
  'a MAC of args.cni, before those': {
    keys: { ...other, args: { cni: { mac } } },
    options: { args: 'IgnoreUnknown=1;MAC=02:00:00:00:00:44' },
    link: { address: mac },
  },
  'a MAC of the runtime’s capability, before all': {
    keys: { ...other, args: { cni: other }, runtimeConfig: { mac } },
    link: { address: mac },
  },
  'the device of the default route, without master': { keys: { master: undefined }, link: { link_index: 3 } },
  'the device of the default route, for an empty master': { keys: { master: '' }, link: { link_index: 3 } },
  'the parent as Docker names it': { keys: { master: undefined, parent: 'up0' }, link: { link_index: 3 } },
  'parent and master that are the same': { keys: { parent: 'up0' }, link: { link_index: 3 } },
}

async function shows(t: Test, host: Host, { keys, options, link }: Row): Promise<void> {
  const sandbox = await host.sandbox('a')
  const conf = lanConf(keys)
  const result = await must(host, 'ADD', conf, { ...options, netns: sandbox })
  const [now] = await sandbox.ip('address', 'show', 'dev', 'eth0')
  t.match(now, link)
  const own = { name: 'eth0', mac: now.address, mtu: now.mtu, sandbox: sandbox.path }
  t.same(result.interfaces, [own], 'the result tells what is there')
  t.same(await answering(sandbox, ...known.outside), known.outside)
  await must(host, 'CHECK', { ...conf, prevResult: result }, { ...options, netns: sandbox })
  await must(host, 'DEL', conf, { netns: sandbox })
  await sandbox.remove()
}

t.test('macvlan gives', t =>
  withLan(t, async host => {
    for (const [what, row] of Object.entries(rows)) await t.test(what, t => shows(t, host, row))
  }),
)

t.test('the default MAC follows from attachment and machine, so it is another on each LAN port and stays', t =>
  withLan(t, async host => {
    const macs: string[] = []
    for (const name of ['a', 'b', 'a']) {
      const netns = await host.sandbox(name)
      const { interfaces } = await must(host, 'ADD', lanConf(), { netns })
      macs.push(interfaces[0].mac)
      await must(host, 'DEL', lanConf(), { netns })
      await netns.remove()
    }
    t.equal(macs[0], macs[2])
    t.not(macs[0], macs[1])
    t.match(macs[0], /^02:/)
  }),
)

t.test('an interface may have the name of one that the host has, its parent included', t =>
  withLan(t, async host => {
    await host.sh('ip link add eth0 type veth peer name eth0peer && ip link set eth0 up')
    const sandbox = await host.sandbox('a')
    for (const ifName of ['eth0', 'up0']) {
      const before = await host.ip('link', 'show', 'dev', ifName)
      await must(host, 'ADD', lanConf(), { netns: sandbox, ifName })
      t.same(await answering(sandbox, ...known.outside), known.outside)
      await must(host, 'DEL', lanConf(), { netns: sandbox, ifName })
      t.match(
        (await host.ip('link', 'show', 'dev', ifName))[0].address,
        before[0].address,
        `the host keeps its ${ifName}`,
      )
    }
  }),
)

t.test('without IPAM the interface is up and has no address of ours', t =>
  withLan(t, async host => {
    const sandbox = await host.sandbox('a')
    const conf = lanConf({ ipam: undefined })
    const result = await must(host, 'ADD', conf, { netns: sandbox })
    t.same(result.ips ?? [], [])
    const [{ flags, addr_info }] = await sandbox.ip('address', 'show', 'dev', 'eth0')
    t.ok(flags.includes('UP'))
    t.same(
      addr_info.map(({ scope }: { scope: string }) => scope),
      ['link'],
      'but the one that every interface has',
    )
    await must(host, 'CHECK', { ...conf, prevResult: result }, { netns: sandbox })
    await must(host, 'DEL', conf, { netns: sandbox })
    t.same((await sandbox.ip('link')).length, 1)
  }),
)

t.test('linkInContainer takes a parent that is in the container, by name or by its default route', t =>
  withLan(t, async host => {
    const sandbox = await host.sandbox('a')
    await host.sh('ip link set up0 netns a && ip -n a link set up0 up && ip -n a address add 192.0.2.1/24 dev up0')
    await host.sh('ip -n a route add default via 192.0.2.2')
    for (const master of ['up0', undefined]) {
      const conf = fixedConf('192.0.2.16/24', { linkInContainer: true, master })
      const result = await must(host, 'ADD', conf, { netns: sandbox, ifName: 'net1' })
      t.same(await answering(sandbox, '192.0.2.2'), ['192.0.2.2'])
      const [{ link }] = await sandbox.ip('link', 'show', 'dev', 'net1')
      t.equal(link, 'up0')
      await must(host, 'CHECK', { ...conf, prevResult: result }, { netns: sandbox, ifName: 'net1' })
      await must(host, 'DEL', conf, { netns: sandbox, ifName: 'net1' })
      t.same((await sandbox.ip('link')).map(({ ifname }) => ifname).sort(), ['lo', 'up0'])
    }
  }),
)
