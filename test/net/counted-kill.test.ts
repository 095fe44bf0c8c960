import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { warmUp } from '../support/attachment.ts'
import { call, must } from '../support/call.ts'
import { bin, type Host, withHost } from '../support/host.ts'
import { killed } from '../support/kill.ts'
import { sharedLinks } from '../support/race.ts'
import { settles } from '../support/state.ts'
import { until } from '../support/until.ts'

const conf = {
  cniVersion: '1.1.0',
  name: 'net1',
  type: 'macvlan',
  master: 'up0',
  hostAccess: true,
  ipam: { type: 'host-local', subnet: '192.0.2.0/24' },
}

/** A directory with an `ip` that says so, and takes its time, before it deletes the host's link. */
function sluggish(t: Test): string {
  const directory = mkdtempSync(join(tmpdir(), 'fairlead-sluggish-'))
  t.teardown(() => rmSync(directory, { recursive: true }))
  const script = `#!/bin/sh
PATH="\${PATH#${directory}:}"
case "$*" in *-batch*) ;; *) exec ip "$@" ;; esac
while IFS= read -r line; do
  case $line in "link del dev host"*) : >${directory}/reached && sleep 1 ;; esac
  printf '%s\\n' "$line"
done | ip "$@"
`
  writeFileSync(join(directory, 'ip'), script, { mode: 0o755 })
  return directory
}

/** A DEL that is killed while its child is about to delete the link. */
async function killedDel(t: Test, host: Host): Promise<void> {
  const slow = sluggish(t)
  const from = join(slow, 'plugins')
  mkdirSync(from)
  const entry = `#!/bin/sh\necho $$ >${slow}/pid\nexec ${bin}/macvlan\n`
  writeFileSync(join(from, 'macvlan'), entry, { mode: 0o755 })
  const env = { PATH: `${slow}:${process.env.PATH}` }
  const running = call(host, 'DEL', conf, { netns: '/run/netns/a', containerId: 'a', from, env })
  await until(async () => existsSync(join(slow, 'reached')) || undefined)
  process.kill(Number(readFileSync(join(slow, 'pid'), 'utf8')), 'SIGKILL')
  t.match(await running, killed, 'DEL is killed in the midst of it')
}

t.test('a container that comes while a killed DEL still deletes the link that it needs keeps it', t =>
  withHost(t, async host => {
    const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
    const before = await warmUp(host, { netns: a }, conf)
    await must(host, 'ADD', conf, { netns: a })
    await killedDel(t, host)
    const prevResult = await must(host, 'ADD', conf, { netns: b })
    await pause(1_500)
    t.equal((await sharedLinks(host)).length, 1, 'the link stands')
    await must(host, 'CHECK', { ...conf, prevResult }, { netns: b })
    await must(host, 'DEL', conf, { netns: a })
    t.equal((await sharedLinks(host)).length, 1, 'and stays when the other DEL is made again')
    await must(host, 'DEL', conf, { netns: b })
    await settles(t, host, before, 'nothing is left')
  }),
)
