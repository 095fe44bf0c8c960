/** The host port on QuickJS, the small engine of the native executable; with its files and child processes all of it. */
import * as os from 'qjs:os'
import * as std from 'qjs:std'
import type { Host } from './host.ts'
import { converse, run, SIGKILL } from './quickjs-children.ts'
import { ESRCH } from './quickjs-errno.ts'
import { files, random, write } from './quickjs-files.ts'

const sleep = (milliseconds: number): Promise<void> => new Promise(resolve => os.setTimeout(resolve, milliseconds))

function kill(pid: number, signal?: 'SIGTERM'): boolean {
  const result = os.kill(pid, signal ? os.SIGTERM : SIGKILL)
  if (result === 0) return true
  if (result === -ESRCH) return false
  throw new Error(`cannot end process ${pid}: ${std.strerror(-result)}`)
}

/** The host as QuickJS sees it; without sockets. */
export function quickjsHost(): Host {
  return {
    files,
    env: name => std.getenv(name) || undefined,
    environment: () => std.getenviron(),
    get executable() {
      return os.exePath() ?? ''
    },
    pid: os.getpid(),
    stdin: async () => std.in.readAsString(),
    stdout: text => write(1, text, () => sleep(1)),
    stderr: text => void write(2, text, () => sleep(1)),
    run,
    converse,
    kill,
    now: () => Date.now(),
    sleep,
    random,
  }
}
