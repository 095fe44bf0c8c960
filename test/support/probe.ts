/** Probing the way between two hosts of an overlay, and what may be on it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Test } from 'tap'
import { fairlead, type Host } from './host.ts'
import { underlay } from './overlay.ts'

export const peer = underlay(4, 2)

/** Probes, with the files of networks in /run/net.d. */
export const probe = (host: Host, to: string, ...words: readonly string[]) =>
  host.exec([fairlead, 'overlay', 'probe', to, '--conf-dir', '/run/net.d', ...words])

/** Has a host answer, until the test is over. */
export async function listen(t: Test, { pid }: Host): Promise<string> {
  const words = [
    '-t',
    String(pid),
    '-m',
    '-n',
    '--',
    fairlead,
    'overlay',
    'probe',
    '--listen',
    '--conf-dir',
    '/run/net.d',
  ]
  const child = spawn('nsenter', words, { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(async () => {
    child.kill('SIGTERM')
    if (child.exitCode === null) await once(child, 'exit')
  })
  const [text] = await once(child.stdout, 'data')
  return String(text)
}

/** What the network between two hosts does to packets of tunnels that come from one of them. */
export const between = (outside: Host, from: number, rule: string) =>
  outside.sh(`nft -f - <<'end'
table bridge wire {
  chain forward { type filter hook forward priority 0; policy accept;
    iifname sw${from} udp dport 4789 ${rule}
  }
}
end`)
export const clear = (outside: Host) => outside.sh('nft delete table bridge wire')
