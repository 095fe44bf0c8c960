import { mkdirSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { call, must } from '../support/call.ts'
import { bin, withHost } from '../support/host.ts'
import { leases, smallRange } from '../support/small-range.ts'

const conf = smallRange(1)

/** A plugin that runs in a mount namespace of its own, where a sandbox's path leads to an empty file. */
function elsewhere(directory: string, hidden: string): string {
  mkdirSync(directory, { recursive: true })
  const script = `#!/bin/sh\nexec unshare -m --propagation private sh -c 'umount ${hidden}; exec "$0"' ${bin}/bridge\n`
  writeFileSync(`${directory}/bridge`, script, { mode: 0o755 })
  return directory
}

t.test('a full range keeps a lease when asked from another mount namespace, where its path looks gone', t =>
  withHost(t, async host => {
    const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
    const { interfaces } = await must(host, 'ADD', conf, { netns: a })
    // Only the mount namespace is left to tell that nothing can be told.
    await host.sh(`ip link del ${interfaces[1].name}`)
    const { code, error } = await call(host, 'ADD', conf, { netns: b, from: elsewhere(t.testdir(), a.path) })
    t.same({ code, number: error?.code }, { code: 1, number: 11 })
    t.same(await leases(host), { '10.88.0.10': 'a' })
  }),
)

t.test('a sandbox that was removed in another mount namespace is reclaimed in its own', t =>
  withHost(t, async host => {
    const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
    await must(host, 'ADD', conf, { netns: a })
    await host.sh(`umount ${a.path} && ip link show cni0 > /dev/null`)
    await host.sh(
      'for n in 1 2 3 4 5 6 7 8 9; do ip link show master cni0 | grep -q . || exit 0; sleep 0.1; done; exit 1',
    )
    const { code } = await call(host, 'ADD', conf, { netns: b })
    t.equal(code, 0, 'a path that is no namespace any more counts as gone')
    t.same(await leases(host), { '10.88.0.10': 'b' })
  }),
)
