import t from 'tap'
import { bridgeConf } from '../support/call.ts'
import { bin, type Host, withHost } from '../support/host.ts'
import { configurations } from './oddities/configuration.ts'
import { environments } from './oddities/environment.ts'
import type { Odd } from './oddities/odd.ts'

const environment = { CNI_NETNS: '/run/netns/free', CNI_IFNAME: 'eth0', CNI_ARGS: '', CNI_PATH: bin }

function operate(host: Host, operation: string, row: Odd) {
  const env = { CNI_CONTAINERID: `c${host.pid}`, ...environment, ...row.env, CNI_COMMAND: operation }
  const argv = ['sh', '-c', row.start ?? 'exec "$0"', `${bin}/bridge`]
  return host.exec(argv, { env, deadline: 5_000, input: row.input ?? JSON.stringify(bridgeConf(row.conf)) })
}

/** Ports of bridges, lease files and records: what a DEL must take away. */
const attached = (host: Host) =>
  host.sh(`ip -o link show master cni0; ls /var/lib/cni/fairlead/attachments
    find /var/lib/cni/networks -name '*[.:]*' ! -name 'last_reserved_ip.*'; ip -n free -o link show | grep -v ': lo:' || :`)

for (const [name, rows] of Object.entries({ configurations, environments })) {
  t.test(`input that runtimes send is taken as the reference takes it: ${name}`, t =>
    withHost(t, async host => {
      await host.sandbox('free')
      for (const row of rows) {
        await t.test(`ADD takes ${row.odd} and DEL undoes it`, async t => {
          const added = await operate(host, 'ADD', row)
          t.equal(added.code, 0, `ADD succeeds: ${added.code ? added.stdout : ''}`)
          t.match(JSON.parse(added.stdout), row.gives ?? { interfaces: [{}, {}, { sandbox: '/run/netns/free' }] })
          const deleted = await operate(host, 'DEL', row)
          t.match(deleted, { code: 0, stdout: '', stderr: '' }, 'DEL succeeds in silence')
          t.equal((await attached(host)).trim(), '', 'nothing of it is left')
        })
      }
    }),
  )
}
