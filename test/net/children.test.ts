/** What the programs that plugins start have of their caller: a runtime waits until nobody holds its pipes any more. */
import t from 'tap'
import { bridgeConf, hostLocal, must } from '../support/call.ts'
import { bin, type Host, withHost } from '../support/host.ts'

const programs = ['ip', 'bridge', 'nft', 'nsenter', 'tc', 'tee', 'iptables', 'iptables-restore', 'ip6tables-restore']
const [place, heard, own] = ['/run/watched', '/run/heard', '/run/own'] as const

/** Programs that tell on a line of a file which operation they believe to be, and what they hold open. */
const watch = (host: Host) =>
  host.sh(`mkdir ${place}; cat >${place}/watch <<'END'
#!/bin/sh
open=$(readlink /proc/$$/fd/*)
echo "\${0##*/} CNI_COMMAND=\${CNI_COMMAND-absent}" $open >>${heard}
PATH="\${PATH#${place}:}"
exec "\${0##*/}" "$@"
END
chmod +x ${place}/watch
for name in ${programs.join(' ')}; do ln -s watch ${place}/$name; done`)

/** A plugin that says which pipes the runtime hears it by. */
const tell = (host: Host) =>
  host.sh(`cat >/run/plugin <<'END'
#!/bin/sh
heard=$(readlink /proc/$$/fd/1 /proc/$$/fd/2)
echo "$heard" >${own}
exec ${bin}/bridge
END
mkdir /run/plugins; chmod +x /run/plugin; mv /run/plugin /run/plugins/bridge`)

const lines = (text: string): readonly string[] => text.trim().split('\n').filter(Boolean)

const networks = {
  nftables: bridgeConf({ isolation: 'same-network', macspoofchk: true, ipam: hostLocal('10.88.0.0/16', 'fd88::/64') }),
  iptables: bridgeConf({ ipMasqBackend: 'iptables' }),
}

for (const [backend, conf] of Object.entries(networks)) {
  t.test(`children inherit neither the pipes to the runtime nor CNI_COMMAND, with ${backend}`, t =>
    withHost(t, async host => {
      await watch(host)
      await tell(host)
      const netns = await host.sandbox('a')
      const options = { netns, from: '/run/plugins', env: { PATH: `${place}:/usr/sbin:/usr/bin:/sbin:/bin` } }
      let prevResult: unknown
      for (const operation of ['ADD', 'CHECK', 'DEL']) {
        await host.sh(`: >${heard}`)
        prevResult = (await must(host, operation, { ...conf, prevResult }, options)) ?? prevResult
        const pipes = lines(await host.sh(`cat ${own}`))
        t.match(pipes, [/:\[\d+\]$/, /:\[\d+\]$/], `${operation} is heard by pipes`)
        const children = lines(await host.sh(`cat ${heard}`))
        t.not(children.length, 0, 'and starts programs')
        const heirs = children.filter(line => pipes.some(pipe => line.includes(pipe)) || !line.includes('=absent '))
        t.same(heirs, [])
      }
    }),
  )
}
