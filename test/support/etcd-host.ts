/** A host of a test's own, in which the members of a cluster and the test itself run. */
import { join } from 'node:path'
import type { Test } from 'tap'

/** Runs a program of tests in network, mount and process namespaces of its own. */
export async function etcdHost(t: Test, program: string): Promise<void> {
  const prepare = `mount -t tmpfs none /run && ip link set lo up && exec "$0" "$1"`
  const path = join(import.meta.dirname, '../net/etcd', program)
  const spaces = ['-mnp', '--fork', '--kill-child', '--mount-proc', '--propagation', 'private']
  // However the test ends, by SIGKILL as well, nothing of it stays.
  const mortal = ['--pdeathsig', 'KILL', 'unshare']
  await t.spawn(
    'setpriv',
    [...mortal, ...spaces, 'sh', '-ec', prepare, process.execPath, path],
    { timeout: 170_000 },
    program,
  )
}
