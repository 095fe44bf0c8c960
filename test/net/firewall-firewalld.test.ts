import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { call, must } from '../support/call.ts'
import { type Host, withHost } from '../support/host.ts'
import { attachedTo } from '../support/policy.ts'

/** A firewalld that keeps the sources of zones in a file, behind a busctl that asks it. */
const busctl = `#!/bin/sh
state=/run/firewalld-sources
touch $state
for last; do :; done
case "$*" in
  *NameHasOwner*) [ -e /run/firewalld-down ] && echo 'b false' || echo 'b true' ;;
  *addSource*) grep -qxe "$*" $state && { echo 'Call failed: ZONE_ALREADY_SET: it is' >&2; exit 1; }
    [ "$last" != 10.81.0.66/32 ] || { echo 'Call failed: INVALID_ADDR: no' >&2; exit 1; }
    echo "$*" | sed s/addSource/Source/ >>$state; echo 's "trusted"' ;;
  *removeSource*) line=$(echo "$*" | sed s/removeSource/Source/)
    grep -qxe "$line" $state || { echo 'Call failed: UNKNOWN_SOURCE' >&2; exit 1; }
    grep -vxe "$line" $state >$state.new; mv $state.new $state; echo 's "trusted"' ;;
  *querySource*) grep -qxe "$(echo "$*" | sed s/querySource/Source/)" $state && echo 'b true' || echo 'b false' ;;
esac
`

async function withFirewalld(t: Test, host: Host) {
  const directory = t.testdir()
  writeFileSync(join(directory, 'busctl'), busctl, { mode: 0o755 })
  writeFileSync(join(directory, 'firewalld'), '#!/bin/sh\n', { mode: 0o755 })
  await host.sh('mkdir -p /run/dbus; : >/run/dbus/system_bus_socket')
  await host.sandbox('a')
  const env = { PATH: `${directory}:${process.env.PATH}` }
  const sources = async (): Promise<string[]> => {
    const lines = await host.sh('cat /run/firewalld-sources 2>/dev/null || :')
    return lines
      .split('\n')
      .filter(Boolean)
      .map(line => line.split(' ').slice(-2).join(' '))
  }
  return { options: { containerId: 'a', netns: '/run/netns/a', env }, sources }
}

const both = ['trusted 10.81.0.2/32', 'trusted fd00:81::2/128']

for (const backend of ['auto', 'firewalld']) {
  t.test(`with the backend ${backend} firewalld trusts the addresses of a container while that is there`, t =>
    withHost(t, async host => {
      const { options, sources } = await withFirewalld(t, host)
      const conf = { ...attachedTo('a'), backend }
      await must(host, 'ADD', conf, options)
      t.same(await sources(), both)
      await must(host, 'CHECK', conf, options)
      await host.sh('sed -i /fd00/d /run/firewalld-sources')
      const { error } = await call(host, 'CHECK', conf, options)
      t.match(error?.msg, /source fd00:81::2\/128 of firewalld zone trusted/, 'CHECK misses one')
      await must(host, 'DEL', conf, options)
      t.same(await sources(), [])
    }),
  )
}

t.test('another zone', t =>
  withHost(t, async host => {
    const { options, sources } = await withFirewalld(t, host)
    await must(host, 'ADD', { ...attachedTo('a'), firewalldZone: 'containers' }, options)
    t.same(await sources(), ['containers 10.81.0.2/32', 'containers fd00:81::2/128'])
  }),
)

t.test('a source that firewalld refuses fails ADD, which leaves nothing', t =>
  withHost(t, async host => {
    const { options, sources } = await withFirewalld(t, host)
    const conf = JSON.parse(JSON.stringify(attachedTo('a')).replace('10.81.0.2/', '10.81.0.66/'))
    const { error } = await call(host, 'ADD', conf, options)
    t.match(error?.msg, /firewalld zone trusted: .*INVALID_ADDR/)
    t.same(await sources(), [])
  }),
)

t.test('where firewalld is down it is not asked, and DEL succeeds', t =>
  withHost(t, async host => {
    const { options, sources } = await withFirewalld(t, host)
    const conf = attachedTo('a')
    await must(host, 'ADD', conf, options)
    await host.sh(': >/run/firewalld-down')
    await must(host, 'DEL', conf, options)
    await must(host, 'ADD', conf, options)
    t.match((await call(host, 'ADD', { ...conf, backend: 'firewalld' }, options)).error, { code: 4 })
    t.same(await sources(), both, 'what it had is its own affair')
  }),
)

t.test('DEL takes away what the reference plugin has put there', t =>
  withHost(t, async host => {
    const { options, sources } = await withFirewalld(t, host)
    const conf = attachedTo('a')
    await must(host, 'ADD', conf, options)
    await host.sh('rm -r /var/lib/cni/fairlead')
    await must(host, 'DEL', conf, options)
    t.same(await sources(), [])
  }),
)
