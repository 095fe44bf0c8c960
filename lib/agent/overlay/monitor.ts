/** What somebody else does to links and addresses of this host, as `ip monitor` tells it (ip-monitor(8)). */
import { setTimeout as pauseFor } from 'node:timers/promises'
import { execa } from 'execa'
import type { Host } from '../../host/host.ts'
import { searchPath } from '../../kernel/tool.ts'

/** Milliseconds: a change is many events, and what we do ourselves makes more of them. */
const calm = 200
/** Milliseconds until a monitor that has ended is started again. */
const pause = 1_000

/** Containers come and go: their links are no business of ours. */
const isOurs = (line: string): boolean => !/\bveth[0-9a-f]{11}\b/.test(line)

/** Rings once things have calmed down, until it is aborted. */
export async function kernelEvents(host: Host, changed: () => void, over: AbortSignal): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const env = { PATH: searchPath(host).join(':'), LC_ALL: 'C' }
  while (!over.aborted) {
    const child = execa('ip', ['-o', 'monitor', 'link', 'address'], {
      env,
      extendEnv: false,
      reject: false,
      stdin: 'ignore',
      buffer: false,
      cancelSignal: over,
    })
    for await (const line of child.iterable({ from: 'stdout' })) {
      if (!isOurs(line)) continue
      clearTimeout(timer)
      timer = setTimeout(changed, calm)
    }
    await child
    await pauseFor(pause, undefined, { signal: over }).catch(() => undefined)
  }
  clearTimeout(timer)
}
