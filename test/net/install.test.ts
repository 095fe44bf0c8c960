import t from 'tap'
import { bridgeConf, must } from '../support/call.ts'
import { fairlead, withHost } from '../support/host.ts'
import { places, present, run } from '../support/installed.ts'

t.test('plugins are installed, work, and are taken away', t =>
  withHost(t, async host => {
    const before = await present(host)
    const dry = await run(host, 'install', '--dry-run')
    t.match(dry.stdout, 'would make /run/opt/cni/bin/bridge\n')
    t.equal(await present(host), before, 'nothing is done yet')
    t.match((await run(host, 'install')).stdout, 'made /run/opt/cni/bin/bridge\n')
    const installed = await present(host)
    t.same(await run(host, 'install'), { code: 0, stdout: '', stderr: '' }, 'a second time there is nothing to do')
    t.equal(await present(host), installed)
    const answer = await host.exec(['/run/opt/cni/bin/bridge'], { env: { CNI_COMMAND: 'VERSION' } })
    t.match(answer.stdout, '1.1.0')
    t.match((await run(host, 'install', '--plugins', 'bridge,host-local')).stdout, 'removed /run/opt/cni/bin/tap\n')
    t.equal((await run(host, 'uninstall')).code, 0)
    t.equal(await present(host), before, 'directories that were made for it are gone too')
  }),
)

t.test('plugins of others stay, or are kept and come back', t =>
  withHost(t, async host => {
    await host.sh(`mkdir -p /run/opt/cni/bin /run/etc/cni/net.d; cd /run/opt/cni/bin
echo '#!/bin/sh' > bridge; chmod 750 bridge; ln -s /bin/true portmap; echo other > other`)
    const before = await present(host)
    const refused = await run(host, 'install')
    t.equal(refused.code, 1)
    t.match(refused.stderr, /bridge, \/run\/opt\/cni\/bin\/portmap are somebody else's.*--replace/)
    t.equal(refused.stderr.trim().split('\n').length, 1, 'in one line')
    t.equal(await present(host), before, 'nothing is done where something is in the way')
    t.match(
      (await run(host, 'install', '--replace')).stdout,
      'replaced /run/opt/cni/bin/bridge, which is kept as /run/opt/cni/bin/.fairlead/replaced/bridge\n',
    )
    t.equal((await run(host, 'install')).code, 0, 'what was replaced is ours now')
    await run(host, 'uninstall')
    t.equal(await present(host), before)
  }),
)

t.test('a directory in the place of a plugin is refused before anything is done', t =>
  withHost(t, async host => {
    await host.sh('mkdir -p /run/opt/cni/bin/vlan /run/etc; echo theirs > /run/opt/cni/bin/bridge')
    const before = await present(host)
    for (const words of [[], ['--replace'], ['--replace', '--dry-run']]) {
      const { code, stdout, stderr } = await run(host, 'install', ...words)
      t.match({ code, stdout }, { code: 1, stdout: /^$/ })
      t.match(stderr, /^Cannot install: \/run\/opt\/cni\/bin\/vlan is a directory\. Move what is there away.*\n$/)
      t.equal(await present(host), before, words.join(' '))
    }
    const wanted = ['--replace', '--plugins', 'bridge']
    t.match(await run(host, 'install', ...wanted), { code: 0, stdout: /^replaced \/run\/opt\/cni\/bin\/bridge,/m })
  }),
)

t.test('a plugin is replaced by rename, also while it runs', t =>
  withHost(t, async host => {
    const place = '/run/opt/cni/bin'
    await host.sh(`mkdir -p ${place} /run/etc; cp /bin/sleep ${place}/bridge`)
    await host.sh(`${place}/bridge 60 >/dev/null 2>&1 & echo $! >/run/pid`)
    t.equal((await run(host, 'install', '--replace')).code, 0)
    const files = await host.sh(`stat -Lc %i /proc/$(cat /run/pid)/exe ${place}/.fairlead/replaced/bridge`)
    const [running, kept] = files.split('\n')
    t.equal(running, kept, 'it goes on from the file that is kept')
    const answer = await host.exec([`${place}/bridge`], { env: { CNI_COMMAND: 'VERSION' } })
    t.match(answer, { code: 0, stdout: /1\.1\.0/ }, 'and the next call is ours')
    await host.sh('kill $(cat /run/pid)')
  }),
)

t.test('a file that somebody put in the place of ours is left alone', t =>
  withHost(t, async host => {
    await run(host, 'install', '--plugins', 'bridge,tap')
    await host.sh('rm /run/opt/cni/bin/bridge; echo theirs > /run/opt/cni/bin/bridge; rm /run/opt/cni/bin/tap')
    t.match((await run(host, 'install', '--plugins', 'bridge')).stderr, "/run/opt/cni/bin/bridge is somebody else's")
    t.match((await run(host, 'uninstall')).stdout, 'left alone /run/opt/cni/bin/bridge: it is not as it was made\n')
    t.equal(await host.sh('cat /run/opt/cni/bin/bridge; ls -A /run/opt/cni/bin'), 'theirs\nbridge\n')
  }),
)

const unusable = {
  'a file system that cannot be written to': ['mount -t tmpfs -o ro none PLACE', /read-only file system/],
  'a file': ['rmdir PLACE; echo theirs > PLACE', /file already exists/],
} as const

for (const [what, [script, why]] of Object.entries(unusable)) {
  t.test(`into ${what} nothing is installed, and the error says why`, t =>
    withHost(t, async host => {
      await host.sh(`mkdir /run/there; ${script.replaceAll('PLACE', '/run/there')}`)
      for (const place of ['/run/there', '/run/there/bin']) {
        const { code, stderr } = await host.exec([fairlead, 'install', '--cni-bin-dir', place])
        t.equal(code, 1)
        t.match(stderr, new RegExp(`Cannot change ${place}: .*\\. [MS].*, or name another directory`))
        if (place === '/run/there') t.match(stderr, why)
      }
    }),
  )
}

t.test('an installation that is killed is finished by the next, or undone', t =>
  withHost(t, async host => {
    await host.sh('mkdir -p /run/opt/cni/bin; echo theirs > /run/opt/cni/bin/bridge; echo mine > /run/opt/cni/bin/vrf')
    const before = await present(host)
    for (const next of ['install', 'uninstall']) {
      for (const seconds of [0.15, 0.25, 0.4, 0.6]) {
        const words = [fairlead, 'install', ...places, '--replace']
        await host.exec(['timeout', '-s', 'KILL', String(seconds), ...words])
        if (next === 'install') t.equal((await run(host, 'install', '--replace')).code, 0, `${seconds} s`)
        t.equal((await run(host, 'uninstall')).code, 0)
        t.equal(await present(host), before, `killed after ${seconds} s, then ${next}`)
      }
    }
  }),
)

t.test('nerdctl gets the backend that it reads', t =>
  withHost(t, async host => {
    await host.sh('mkdir -p /run/etc/cni')
    const before = await present(host)
    await run(host, 'install', '--profile', 'nerdctl')
    t.same(JSON.parse(await host.sh('cat /run/etc/cni/fairlead.json')), { backend: 'iptables' })
    await run(host, 'uninstall')
    t.equal(await present(host), before)
  }),
)

t.test('a node gets the network of its pods, once containers can be attached to it', t =>
  withHost(t, async host => {
    const node = { spec: { podCIDR: '10.244.3.0/24', podCIDRs: ['10.244.3.0/24', 'fd44:3::/64'] } }
    await host.exec(['sh', '-c', 'cat > /run/node.json'], { input: JSON.stringify(node) })
    const wish = ['--profile', 'kubernetes', '--node-spec', '/run/node.json']
    const nft = (await host.sh('readlink -f "$(command -v nft)"')).trim()
    await host.sh(`mount --bind /dev/null ${nft}`)
    const early = await run(host, 'install', ...wish, '--timeout', '2s')
    t.match(early, { code: 1, stderr: /waiting until the network is ready: .*nft.*\nCannot install.*after 2 s: .*nft/ })
    t.notMatch(await present(host), '10-fairlead.conflist', 'the kubelet still takes the node for not ready')
    const later = run(host, 'install', ...wish, '--timeout', '20s')
    await host.sh(`sleep 1; umount ${nft}`)
    const { code, stdout, stderr } = await later
    t.equal(code, 0, stderr)
    t.match(stdout, 'made /run/etc/cni/net.d/10-fairlead.conflist\n')
    const { name, cniVersion, cniVersions, plugins } = JSON.parse(
      await host.sh('cat /run/etc/cni/net.d/10-fairlead.conflist'),
    )
    t.equal(cniVersion, '1.0.0', 'in a version that containerd 1 understands')
    t.same(cniVersions, ['1.0.0', '1.1.0'], 'and one that has STATUS')
    const conf = bridgeConf({ ...plugins[0], name, cniVersion })
    const result = await must(host, 'ADD', conf, { netns: await host.sandbox('pod') })
    t.match(
      result.ips.map(({ address }: { address: string }) => address),
      [/^10\.244\.3\./, /^fd44:3::/],
    )
  }),
)

t.test('what makes no sense is said, and nothing is done', t =>
  withHost(t, async host => {
    await host.sh(`echo '{"spec": {}}' > /run/empty.json; echo broken > /run/broken.json
echo '{"spec": {"podCIDRs": ["10.1.0.0/24", "fd01::/64", "10.2.0.0/24"]}}' > /run/two.json`)
    const pods = ['--profile', 'kubernetes', '--pod-cidr']
    const before = await present(host)
    for (const [words, says] of [
      [['--plugins', 'brige'], /has none of that name\. Did you mean bridge\?/],
      [['--profile', 'docker'], /Choices: "none", "nerdctl", "podman", "kubernetes"/],
      [['--profil', 'podman'], /Unknown argument: profil/],
      [['--conf-dir', '/a', '--conf-dir', '/b'], /--conf-dir is given more than once/],
      [['--profile', 'kubernetes'], /Say it by --pod-cidr, or by --node-spec/],
      [[...pods, '10.244.1.0'], /it is no subnet/],
      [[...pods, ''], /Say it by --pod-cidr, or by --node-spec/],
      [[...pods, '10.1.0.0/24', ...pods.slice(2), '10.2.0.0/24'], /10\.1\.0\.0\/24 and 10\.2.*once for each family/],
      [[...pods, 'fd01::/64,10.1.0.0/24,fd02::/64'], /fd01::\/64 and fd02::\/64 are both IPv6/],
      [['--profile', 'kubernetes', '--node-spec', '/run/two.json'], /10\.1\.0\.0\/24 and 10\.2.*once for each family/],
      [['--pod-cidr', 'zzz'], /Cannot use --pod-cidr: .*Add --profile kubernetes/],
      [['--profile', 'podman', '--node-spec', '/run/two.json'], /Cannot use --node-spec: /],
      [['--timeout', '5s'], /Cannot use --timeout: /],
      [['--plugins', ''], /--plugins names none/],
      [['--plugins', ','], /--plugins names none/],
      [['--replace=yes'], /^--replace is given "yes"\. Give it alone, or leave it out\n$/],
      [['--dry-run='], /^--dry-run is given ""/],
      [['--dryRun=1'], /^--dryRun is given "1"/],
      [['--profile', 'kubernetes', '--node-spec', '/run/none.json'], /no such file/],
      [['--profile', 'kubernetes', '--node-spec', '/run/broken.json'], /broken\.json/],
      [['--profile', 'kubernetes', '--node-spec', '/run/empty.json'], /--allocate-node-cidrs/],
    ] as const) {
      const { code, stderr } = await run(host, 'install', ...words)
      t.match({ code, stderr }, { code: 1, stderr: says })
      t.notMatch(stderr, /\n {4}at /, 'without a stack')
      t.equal(await present(host), before)
    }
  }),
)
