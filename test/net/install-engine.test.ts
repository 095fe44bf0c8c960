/** Which executable the plugins run in that are installed: the native one where it is beside the command line. */
import t from 'tap'
import { fairlead, type Host, withHost } from '../support/host.ts'
import { places, present, runOn } from '../support/installed.ts'

const packed = '/run/pack/fairlead'
const bin = '/run/opt/cni/bin'

const run = (host: Host, ...words: readonly string[]) => runOn(host, packed, 'install', ...words)

/** Says who it is where a plugin would work, so that no C compiler is needed for this. */
const native = (version: string): string => `#!/bin/sh
[ "$1" = version ] && exec echo 'fairlead ${version}'
echo "native \${0##*/}"
`

const versionOf = async (host: Host): Promise<string> =>
  /^fairlead (.*)$/m.exec(await host.sh(`${fairlead} version`))?.[1] ?? ''

/** The command line in a directory of its own, by a mount that spares a copy; and beside it what there is to be. */
async function pack(host: Host, beside: Readonly<Record<string, string>>): Promise<void> {
  await host.sh(`mkdir -p /run/pack/native; touch ${packed}; mount --bind ${fairlead} ${packed}`)
  for (const [name, text] of Object.entries(beside))
    await host.exec(['sh', '-c', `cat > /run/pack/${name}; chmod 755 /run/pack/${name}`], { input: text })
}

const packNative = async (host: Host, name = 'fairlead-native') => pack(host, { [name]: native(await versionOf(host)) })

/** Who answers a call of a plugin. */
async function who(host: Host, plugin: string): Promise<string> {
  const { stdout } = await host.exec([`${bin}/${plugin}`], { env: { CNI_COMMAND: 'VERSION' } })
  return stdout.startsWith('native') ? stdout.trim() : stdout.includes('supportedVersions') ? 'Node.js' : stdout
}

const links = (host: Host): Promise<string> => host.sh(`cd ${bin}; readlink bridge dhcp; ls -A | wc -l`)

t.test('native plugins are preferred, but for the one of DHCP', t =>
  withHost(t, async host => {
    await packNative(host)
    const before = await present(host)
    t.match((await run(host, '--dry-run')).stdout, `would make ${bin}/fairlead-native\n`)
    t.equal(await present(host), before, 'nothing is done yet')
    t.equal((await run(host)).code, 0)
    t.same([await who(host, 'bridge'), await who(host, 'dhcp')], ['native bridge', 'Node.js'])
    t.match(await links(host), /^fairlead-native\nfairlead\n/)
    t.same(await run(host), { code: 0, stdout: '', stderr: '' }, 'a second time there is nothing to do')
    t.same(await runOn(host, `${bin}/fairlead`, 'install'), { code: 0, stdout: '', stderr: '' }, 'nor from there')
    await run(host, '--plugins', 'dhcp,bridge')
    t.equal(await links(host), 'fairlead-native\nfairlead\n5\n', 'both executables, and .fairlead')
    await run(host, '--plugins', 'dhcp')
    t.equal(await host.sh(`ls ${bin}`), 'dhcp\nfairlead\n', 'without a plugin there is no executable for it')
    await runOn(host, packed, 'uninstall')
    t.equal(await present(host), before)
  }),
)

t.test('the engine changes with another installation, and nothing is left of the one before', t =>
  withHost(t, async host => {
    await packNative(host, 'native/fairlead')
    await host.sh(`mkdir -p ${bin}; cd ${bin}; echo theirs > bridge; echo another > fairlead-native`)
    const before = await present(host)
    const installed: string[] = []
    for (const engine of ['node', 'native', 'node', 'auto']) {
      t.equal((await run(host, '--replace', '--engine', engine)).code, 0)
      const expected = engine === 'node' ? 'Node.js' : 'native bridge'
      t.equal(await who(host, 'bridge'), expected, engine)
      installed.push(await present(host))
    }
    const [first, second, third, fourth] = installed
    t.equal(third, first, 'as if it never had been another')
    t.equal(fourth?.replaceAll(/.*manifest.*/g, ''), second?.replaceAll(/.*manifest.*/g, ''))
    t.match(third, /another|fairlead-native f 644/, 'what was kept is back where it was')
    await runOn(host, packed, 'uninstall')
    t.equal(await present(host), before)
  }),
)

t.test('a change of the engine that is killed is finished by the next, or undone', t =>
  withHost(t, async host => {
    await packNative(host)
    await host.sh(`mkdir -p ${bin}; echo theirs > ${bin}/bridge`)
    const before = await present(host)
    for (const [from, to] of [
      ['native', 'node'],
      ['node', 'native'],
    ] as const) {
      for (const seconds of [0.2, 0.5]) {
        t.equal((await run(host, '--replace', '--engine', from)).code, 0)
        const words = [packed, 'install', ...places, '--replace', '--engine', to]
        await host.exec(['timeout', '-s', 'KILL', String(seconds), ...words])
        t.match(await who(host, 'bridge'), /^(native bridge|Node\.js)$/, 'there is a plugin all the time')
        t.equal((await run(host, '--engine', to)).code, 0, `${seconds} s`)
        t.equal(await who(host, 'bridge'), to === 'node' ? 'Node.js' : 'native bridge')
        t.equal((await runOn(host, packed, 'uninstall')).code, 0)
        t.equal(await present(host), before, `killed after ${seconds} s on the way to ${to}`)
      }
    }
  }),
)

t.test('a native executable that cannot be used is told, and not taken', t =>
  withHost(t, async host => {
    await pack(host, {})
    const before = await present(host)
    const none = await run(host, '--engine', 'native')
    t.match(none, { code: 1, stderr: /none is beside \/run\/pack\/fairlead\. Build them by "make native"/ })
    t.equal(await present(host), before)
    for (const [text, says] of [
      [native('0.0.1'), /fairlead-native is of version 0\.0\.1, not /],
      ['#!/nowhere\n', /fairlead-native does not run here: /],
      ['#!/bin/true\n', /fairlead-native does not tell its version/],
    ] as const) {
      await host.exec(['sh', '-c', 'cat > /run/pack/fairlead-native; chmod 755 /run/pack/fairlead-native'], {
        input: text,
      })
      t.match(await run(host, '--engine', 'native'), { code: 1, stderr: says })
      t.equal(await present(host), before, 'nothing is done')
      t.match(await run(host, '--dry-run'), { code: 0, stderr: /Those for Node\.js are taken\n$/ })
    }
    t.equal((await run(host)).code, 0)
    t.equal(await who(host, 'bridge'), 'Node.js')
  }),
)

t.test('the doctor tells what the plugins run on', t =>
  withHost(t, async host => {
    await packNative(host)
    const look = async () => (await runOn(host, packed, 'doctor')).stdout
    t.notMatch(await look(), /programs: plugins in/)
    await run(host, '--plugins', 'bridge,dhcp,tap')
    t.match(await look(), /^ok +programs: plugins in \/run\/opt\/cni\/bin, native: bridge, tap; on Node\.js: dhcp$/m)
    await run(host, '--engine', 'node', '--plugins', 'tap')
    t.match(await look(), /^ok +programs: plugins in \/run\/opt\/cni\/bin, on Node\.js: tap$/m)
  }),
)
