/** nerdctl, from the Go module proxy. Run as a program this fetches and compiles it, which takes minutes the first time. */
import { join } from 'node:path'
import { goInstall } from '../support/go.ts'

/** No package of Debian's has it. */
const wanted = {
  name: 'nerdctl',
  module: 'github.com/containerd/nerdctl/v2',
  version: 'v2.1.2',
  packages: ['cmd/nerdctl'],
}

/** The executable: what `NERDCTL` names, or one from the Go module proxy. Without either there is no test. */
export async function nerdctlProgram(): Promise<string> {
  if (process.env.NERDCTL) return process.env.NERDCTL
  const found = await goInstall(wanted)
  if ('why' in found) throw new Error(`Cannot test with nerdctl: ${found.why}. Install go, or name nerdctl in NERDCTL`)
  return join(found.bin, 'nerdctl')
}

if (import.meta.main) process.stdout.write(`${await nerdctlProgram()}\n`)
