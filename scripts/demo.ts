/**
 * Shows a bridge network at work, in plain words, with every command and what it printed: two containers, each other,
 * their host, a machine outside, and nothing of theirs left at the end. All of it happens in namespaces of its own,
 * which end with this program. Exit status 1 if anything is not as told. Usage: node demo.ts [CONFLIST], a bridge network
 * with a gateway and masquerade.
 */
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, rmdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { bin, fail, need, path, root } from './demo-stage.ts'
import { tell } from './demo-story.ts'

const state = '/var/lib/cni'
const inside = 'inside'

/** What the demo itself runs, and the Debian package of each. */
const tools = {
  ip: 'iproute2',
  nft: 'nftables',
  unshare: 'util-linux',
  nsenter: 'util-linux',
  mount: 'mount',
  ping: 'iputils-ping',
  find: 'findutils',
} as const

function checkMachine(): void {
  if (process.platform !== 'linux') throw new Error('the demo needs Linux')
  if (process.getuid?.() !== 0)
    throw new Error('the demo makes namespaces, so it must run as root. Try: sudo make demo')
  for (const [tool, name] of Object.entries(tools)) need(tool, name)
  if (!existsSync(join(bin, 'bridge'))) throw new Error('the plugins are not built. Try: make build')
}

/** Runs this program again as the only one of a new network and mount namespace, and gives its exit status. */
async function enter(conflist: string): Promise<number> {
  const made = !existsSync(state)
  const words = ['-mn', '--propagation', 'private', process.execPath, import.meta.filename, inside, conflist]
  const env = { ...process.env, PATH: path.join(':') }
  const child = spawn('unshare', words, { env, stdio: ['ignore', 'inherit', 'inherit'] })
  // A signal ends the story, not the tidying up after it; one from the terminal reaches the child by itself.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill('SIGTERM'))
  const status = await new Promise<number>(done => child.on('close', code => done(code ?? 1)))
  // The directory under a mount that is gone now: empty, unless somebody else has begun to use it.
  if (made && existsSync(state) && readdirSync(state).length === 0) rmdirSync(state)
  return status
}

async function main(): Promise<number> {
  const [first, second] = process.argv.slice(2)
  if (first === inside) {
    tell(second ?? '')
    return 0
  }
  checkMachine()
  return enter(resolve(first ?? join(root, 'conf/10-bridge.conflist')))
}

process.exitCode = await main().catch(fail)
