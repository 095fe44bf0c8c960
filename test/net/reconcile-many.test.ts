import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Record as Attachment } from '../../lib/cnm/record.ts'
import { documentIn } from '../../lib/store/store.ts'
import { bridgeConf, must } from '../support/call.ts'
import { bin, fairlead, type Host, type Sandbox, withHost } from '../support/host.ts'
import { until } from '../support/until.ts'

const conf = bridgeConf({ macspoofchk: true })
const wrapped = ['ip', 'nft', 'tee']

/** A directory of tools that note each start, after they have done what `before` says for one of them. */
function noting(t: Test, before: Readonly<Record<string, string>> = {}): { path: string; notes: string } {
  const path = t.testdir()
  const notes = join(path, 'notes')
  for (const name of wrapped) {
    const script = `#!/bin/sh\nPATH="\${PATH#${path}:}"\necho "${name} $*" >> ${notes}\n${before[name] ?? ''}\nexec ${name} "$@"\n`
    writeFileSync(join(path, name), script)
    chmodSync(join(path, name), 0o755)
  }
  return { path, notes }
}

const reconcile = (host: Host, path = '') =>
  host.exec([fairlead, 'reconcile'], { env: { PATH: `${path ? `${path}:` : ''}${process.env.PATH}` } })

const sorted = async (host: Host) => (await host.ruleset()).split('\n').sort()

t.test('the number of processes does not grow with that of attachments', t =>
  withHost(t, async host => {
    const { path, notes } = noting(t)
    const counts: string[] = []
    for (const [first, count] of [
      [0, 1],
      [1, 24],
    ] as const) {
      for (let n = first; n < count; n++) await must(host, 'ADD', conf, { netns: await host.sandbox(`a${n}`) })
      const before = await sorted(host)
      await host.sh(`rm -f ${notes}; nft flush ruleset; echo 0 > /proc/sys/net/ipv4/ip_forward`)
      const { code, stdout } = await reconcile(host, path)
      t.equal(code, 0)
      t.equal(stdout.match(/of masq4/g)?.length, count)
      t.same(await sorted(host), before, `the ruleset of ${count} is as it was`)
      counts.push(await host.sh(`sort ${notes}`))
    }
    t.equal(counts[1], counts[0], `the same processes as for one: ${counts[0]}`)
    await host.sh(`rm -f ${notes}`)
    t.equal((await reconcile(host, path)).stdout, '', 'and where nothing is missing, nothing is made')
    t.notMatch(await host.sh(`cat ${notes}`), 'nft -f')
  }),
)

t.test('what a DEL took while reconcile was at work does not come back', t =>
  withHost(t, async host => {
    const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
    await must(host, 'ADD', conf, { netns: b })
    await must(host, 'ADD', conf, { netns: a })
    // The moment before the transaction that makes everything again.
    const call = `CNI_COMMAND=DEL CNI_CONTAINERID=a CNI_NETNS=/run/netns/a CNI_IFNAME=eth0 CNI_PATH=${bin} ${bin}/bridge`
    const once = `case "$*" in "-f -") if mkdir /run/once 2>/dev/null; then echo '${JSON.stringify(conf)}' | ${call} > /run/deleted; fi;; esac`
    const { path } = noting(t, { nft: once })
    await host.sh('nft flush ruleset')
    const { code, stderr } = await reconcile(host, path)
    t.equal(code, 0, stderr)
    t.equal(await host.sh('cat /run/deleted'), '', 'the DEL succeeds')
    const ruleset = await host.ruleset()
    t.match(ruleset, '10.88.0.2')
    t.notMatch(ruleset, '10.88.0.3', 'nothing of the one that went')
    t.equal((await host.sh('ip -o link show type veth | grep -c master')).trim(), '1')
  }),
)

t.test('an attachment that cannot be helped is told, and keeps nothing from the others', t =>
  withHost(t, async host => {
    for (const name of ['a', 'b', 'c']) await must(host, 'ADD', conf, { netns: await host.sandbox(name) })
    const before = await sorted(host)
    const file = (await host.sh('grep -l \'"containerId":"b"\' /var/lib/cni/fairlead/attachments/*')).trim()
    const record = documentIn(await host.sh(`cat ${file}`)) as Attachment
    const strange = { kind: 'address', lifetime: 'own', netns: null, dev: 'nowhere', address: '10.1.1.1/32' }
    const changed = JSON.stringify({ ...record, resources: [...record.resources, strange] })
    await host.exec(['tee', file], { input: changed })
    await host.sh('nft flush ruleset')
    const { code, stdout, stderr } = await reconcile(host)
    t.equal(code, 1)
    t.equal(stdout, '')
    t.match(stderr, 'Cannot restore the attachments: b eth0 of network net1: address 10.1.1.1/32 on nowhere')
    t.notMatch(stderr, 'Commands:')
    t.same(await sorted(host), before)
  }),
)

t.test('the records of chained plugins count, those of other networks only if asked for', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    const prevResult = await must(host, 'ADD', conf, { netns: a })
    await must(host, 'ADD', { cniVersion: '1.1.0', name: 'net1', type: 'tuning', mtu: 1400, prevResult }, { netns: a })
    const file = (await host.sh('ls /var/lib/cni/fairlead/attachments/*-tuning*')).trim()
    const record = documentIn(await host.sh(`cat ${file}`)) as Attachment
    const base = { kind: 'setting', lifetime: 'kept', netns: null }
    const resources = [...record.resources, { ...base, key: 'net/ipv4/conf/cni0/route_localnet', value: '1' }]
    await host.exec(['tee', file], { input: JSON.stringify({ ...record, resources }) })
    const other = await host.exec([fairlead, 'reconcile', '--network', 'net2'])
    t.match(other, { code: 0, stdout: '' })
    t.match(await reconcile(host), { code: 0, stdout: 'made sysctl net.ipv4.conf.cni0.route_localnet=1\n' })
    t.equal(await host.sh('cat /proc/sys/net/ipv4/conf/cni0/route_localnet'), '1\n')
    t.match(await a.ip('link', 'show', 'dev', 'eth0'), [{ mtu: 1400 }], 'sandboxes are left alone')
  }),
)

const server = `require('net').createServer(c => c.pipe(c)).listen(80, () => console.log('up'))`
const client = `const fs = require('fs'), c = require('net').connect(80, '192.0.2.2'); let got = ''
c.on('data', d => { got += d; if (got === 'one') fs.writeFileSync('/run/one', ''); if (got === 'onetwo') process.exit(0) })
c.on('error', e => { console.error(e); process.exit(1) }); c.write('one')
const wait = setInterval(() => { if (fs.existsSync('/run/go')) { clearInterval(wait); c.write('two') } }, 20)`

async function machine(host: Host): Promise<Sandbox> {
  const outside = await host.sandbox('outside')
  await host.sh(`ip link set up1 netns outside
ip -n outside addr add 192.0.2.2/24 dev up1; ip -n outside link set up1 up`)
  return outside
}

t.test('a TCP stream that was idle between the flush and reconcile goes on', t =>
  withHost(t, async host => {
    const [outside, a] = [await machine(host), await host.sandbox('a')]
    await must(host, 'ADD', conf, { netns: a })
    const serving = outside.exec([process.execPath, '-e', server])
    const listens = () =>
      outside.exec(['sh', '-c', 'ss -Htln | grep -q :80']).then(({ code }) => code === 0 || undefined)
    t.ok(await until(listens))
    const talking = a.exec([process.execPath, '-e', client])
    t.ok(await until(() => host.exec(['test', '-e', '/run/one']).then(({ code }) => code === 0 || undefined)))
    await host.sh('nft flush ruleset && echo 0 > /proc/sys/net/ipv4/ip_forward')
    t.equal((await reconcile(host)).code, 0)
    await host.sh('touch /run/go')
    t.match(await talking, { code: 0 }, 'the client has its answer')
    await host.sh('ip netns pids outside | xargs kill')
    await serving
  }),
)
