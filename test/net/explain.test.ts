import t from 'tap'
import { bridgeConf, hostLocal, must } from '../support/call.ts'
import { fairlead, type Host, withHost } from '../support/host.ts'
import { mapping, publish } from '../support/publish.ts'

const run = (host: Host, ...words: readonly string[]) => host.exec([fairlead, ...words])

t.test('a container is explained: what it has, and what of it is missing', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    const { v4 } = await publish(host, { way: 'chained' }, a, [mapping(8080, 80)])
    const { code, stdout } = await run(host, 'explain', 'a')
    t.equal(code, 0)
    t.match(stdout, 'a eth0: bridge of network net1, in /run/netns/a (live)\n')
    t.match(stdout, 'a eth0: portmap of network net1, in /run/netns/a (live)\n')
    t.match(stdout, `  ok    lease of ${v4} in /var/lib/cni/networks/net1\n`)
    t.match(stdout, /^ {2}ok {4}link eth0 in \/run\/netns\/a$/m)
    t.match(stdout, /^ {2}ok {4}link br-net1 \(shared\)$/m)
    t.match(stdout, /nftables element tcp \. 8080 of port4 in table inet fairlead\n/)
    t.notMatch(stdout, 'wrong')
    await host.sh('nft flush map inet fairlead port4; ip -n a address flush dev eth0')
    const after = (await run(host, 'explain', 'a')).stdout.split('\n').filter(line => line.includes('wrong'))
    t.ok(
      after.some(line => /nftables element tcp \. 8080 of port4 .*: is absent or altered$/.test(line)),
      after.join('\n'),
    )
    t.ok(
      after.some(line => line.includes(v4) && line.includes(' in /run/netns/a')),
      'and the address inside',
    )
    t.notMatch(after.join('\n'), 'lease', 'the lease is there')
    const [first] = JSON.parse((await run(host, 'explain', 'a', '--json')).stdout)
    t.match(first, { container: 'a', interface: 'eth0', network: 'net1', sandbox: 'live', state: 'complete' })
  }),
)

t.test('a network that nothing is known of is named, and doing nothing for it is no failure', t =>
  withHost(t, async host => {
    await must(host, 'ADD', bridgeConf(), { netns: await host.sandbox('a') })
    for (const words of [['reconcile'], ['gc'], ['gc', '--dry-run']]) {
      const stderr = 'no attachment of network nope is known here\n'
      t.same(await run(host, ...words, '--network', 'nope'), { code: 0, stdout: '', stderr }, words.join(' '))
      t.same(await run(host, ...words, '--network', 'net1'), { code: 0, stdout: '', stderr: '' }, 'one that is known')
    }
  }),
)

t.test('a choice of the command line is refused where it comes with another word than true or false', t =>
  withHost(t, async host => {
    for (const [words, name] of [
      [['doctor', '--json=yes'], 'json'],
      [['doctor', '--fix=1'], 'fix'],
      [['explain', '--json='], 'json'],
      [['gc', '--dry-run=no'], 'dry-run'],
      [['validate', '--strict=TRUE', '--conf-dir', '/run'], 'strict'],
      [['overlay', 'node', 'rm', 'one', '--force=yes'], 'force'],
      [['overlay', 'probe', '--listen=on'], 'listen'],
    ] as const) {
      const { code, stdout, stderr } = await run(host, ...words)
      t.match({ code, stdout }, { code: 1, stdout: /^$/ }, words.join(' '))
      t.match(stderr, new RegExp(`^--${name} is given "[^"]*"\\. Give it alone, or leave it out\\n$`))
    }
    t.same(JSON.parse((await run(host, 'explain', '--json=true')).stdout), [])
    t.same((await run(host, 'explain', '--json=false')).stdout, '')
  }),
)

t.test('containers are listed, and found by the beginning of their ids', t =>
  withHost(t, async host => {
    t.same(await run(host, 'explain'), { code: 0, stdout: '', stderr: '' })
    for (const containerId of ['default-abc1', 'default-abd2', 'other']) {
      await must(host, 'ADD', bridgeConf(), { netns: await host.sandbox(containerId), containerId })
    }
    t.same(
      (await run(host, 'explain')).stdout.split('\n').map(line => line.split(' ')[0]),
      ['default-abc1', 'default-abd2', 'other', ''],
    )
    t.match((await run(host, 'explain', 'abc')).stdout, /^default-abc1 eth0: /)
    t.match(await run(host, 'explain', 'ab'), {
      code: 1,
      stderr: /several containers begin so: default-abc1, default-/,
    })
    t.match(await run(host, 'explain', 'x'), { code: 1, stderr: /nothing is kept for a container of that id/ })
  }),
)

t.test('what containers that are gone left behind is collected, and nothing else', t =>
  withHost(t, async host => {
    const [a, b, c] = [await host.sandbox('a'), await host.sandbox('b'), await host.sandbox('c')]
    await must(host, 'ADD', bridgeConf(), { netns: a, containerId: 'a' })
    const gone = await publish(host, { way: 'single', network: 'net2' }, b, [mapping(8080, 80)])
    await must(host, 'ADD', bridgeConf({ name: 'net3', bridge: 'cni3', ipam: hostLocal('10.77.0.0/16') }), {
      netns: c,
      containerId: 'c',
    })
    await Promise.all([b.remove(), c.remove()])
    const dry = await run(host, 'gc', '--dry-run', '--network', 'net2')
    t.equal(dry.stdout, 'would remove b eth0 (network net2, bridge)\n')
    t.match(await host.ruleset(), '8080', 'nothing has gone yet')
    t.equal((await run(host, 'gc', '--network', 'net2')).stdout, 'removed b eth0 (network net2, bridge)\n')
    t.notMatch(await host.ruleset(), /8080|10\.99\./)
    t.notMatch(Object.keys(await host.files()), [gone.v4])
    t.equal((await run(host, 'gc')).stdout, 'removed c eth0 (network net3, bridge)\n')
    t.equal((await run(host, 'gc')).stdout, '', 'the rest lives')
    t.notMatch((await run(host, 'explain', 'a')).stdout, 'wrong', 'and is as it was')
    await must(host, 'DEL', bridgeConf(), { netns: a, containerId: 'a' })
    t.notMatch(await host.ruleset(), /10\.88\./)
  }),
)
