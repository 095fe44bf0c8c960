/**
 * The peer: the Go reference plugins, from the Go module proxy into `build/go`. Run as a program it prints that
 * directory. A stamp beside the plugins names their version, so that others are never mistaken for them.
 */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

export const peerVersion = 'v1.9.1'
const module = 'github.com/containernetworking/plugins/plugins'
const plugins = ['main/bridge', 'main/loopback', 'ipam/host-local', 'ipam/static', 'meta/bandwidth']
const place = resolve(import.meta.dirname, '../../build/go')
const stamp = `${module}@${peerVersion} ${plugins.join(' ')}\n`

/** The directory of the Go plugins, or why there is none. */
export type Peer = { readonly bin: string } | { readonly why: string }

function isThere(): boolean {
  const file = join(place, 'version')
  return existsSync(file) && readFileSync(file, 'utf8') === stamp
}

async function install(into: string): Promise<void> {
  const packages = plugins.map(name => `${module}/${name}@${peerVersion}`)
  const env = { ...process.env, GOBIN: into, CGO_ENABLED: '0' }
  await promisify(execFile)('go', ['install', ...packages], { env, timeout: 600_000 })
  writeFileSync(join(into, 'version'), stamp)
}

/** In one step, and only where another process has not been quicker. */
function putInPlace(from: string): void {
  try {
    if (!isThere()) rmSync(place, { recursive: true, force: true })
    renameSync(from, place)
  } catch (error) {
    if (!isThere()) throw error
  }
}

/** Installs the Go plugins unless they are there. */
export async function findPeer(): Promise<Peer> {
  if (isThere()) return { bin: place }
  const fresh = `${place}.${process.pid}`
  mkdirSync(fresh, { recursive: true })
  try {
    await install(fresh)
    putInPlace(fresh)
    return { bin: place }
  } catch (error) {
    return { why: `no Go plugins ${peerVersion}: ${error instanceof Error ? error.message.trim() : String(error)}` }
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}

if (import.meta.main) {
  const peer = await findPeer()
  if ('bin' in peer) process.stdout.write(`${peer.bin}\n`)
  else {
    process.stderr.write(`${peer.why}\n`)
    process.exitCode = 1
  }
}
