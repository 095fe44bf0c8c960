/** One host with an agent, and a crowd of others that are there in etcd alone. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as after } from 'node:timers/promises'
import type { Host } from '../support/host.ts'
import { type Ending, join } from '../support/overlay.ts'
import { asked, endpoints, etcdConf, type Running, startAgent, withAgents } from '../support/overlay-etcd.ts'
import { until } from '../support/until.ts'

/** Room for a thousand hosts of 250 containers. */
const conf = etcdConf({
  ipam: { type: 'host-local', ranges: [[{ subnet: '10.128.0.0/12' }], [{ subnet: 'fd20::/64' }]] },
})
export const blockSize = 64
const prefix = '/fairlead/v1/'
/** Milliseconds: the kernel takes long for hundreds of thousands of entries. */
const patience = 300_000
/** Steps of one transaction: etcd takes 128. */
const most = 120

export interface Crowd {
  readonly host: Host
  /** Where etcd is. */
  readonly outside: Host
  readonly vni: number
  /** The agent that runs now. */
  agent(): Running
  end(): Promise<void>
  start(): Promise<void>
  /** Puts pairs of keys and values into etcd. */
  put(pairs: readonly (readonly [key: string, value: string])[]): Promise<void>
  /** What a host puts there that comes, with so many blocks. */
  comer(id: string, blocks: number): (readonly [string, string])[]
  /** One more block of a host. */
  block(id: string): readonly [string, string]
  /** Waits until the kernel has all entries for so many blocks. */
  programmed(blocks: number): Promise<void>
}

const numberIn = async (host: Host, script: string): Promise<number> => Number((await host.sh(script)).trim())

function crowdOn(
  { host, outside, vni }: Pick<Crowd, 'host' | 'outside' | 'vni'>,
  own: number,
  first: Running,
  ending: Ending,
): Crowd {
  let [index, comers, agent] = [own, 0, first]
  const block = (id: string) => {
    index = index === 16_000 ? 1 : index + 1
    return [`block/${conf.name}/${index}`, JSON.stringify({ node: id })] as const
  }
  const put: Crowd['put'] = async pairs => {
    for (let from = 0; from < pairs.length; from += most) {
      const some = pairs.slice(from, from + most)
      const lines = some.map(([key, value]) => `put ${prefix}${key} ${JSON.stringify(value)}\n`)
      const input = `\n${lines.join('')}\n\n\n`
      const { code, stderr } = await outside.exec(['etcdctl', '--endpoints', endpoints[0] ?? '', 'txn'], {
        input,
        env: { ETCDCTL_API: '3' },
      })
      if (code !== 0) throw new Error(`etcdctl: ${stderr}`)
    }
  }
  return {
    host,
    outside,
    vni,
    put,
    block,
    agent: () => agent,
    end: () => agent.end('SIGTERM'),
    async start() {
      agent = await startAgent(ending, host, 1)
    },
    comer(id, blocks) {
      comers += 1
      const address = `10.98.${comers >> 8}.${comers & 255}`
      return [
        [`vtep/${address}`, id],
        [`node/${id}`, JSON.stringify({ address, name: id })],
        [`alive/${id}`, 'boot'],
        ...Array.from({ length: blocks }, () => block(id)),
      ]
    },
    async programmed(blocks) {
      const wanted = blocks * blockSize
      const isDone = async () => {
        const neighbours = await numberIn(
          host,
          `ip neighbour show dev flb${vni} nud permanent | grep -c 'proto 117' || true`,
        )
        if (neighbours < 2 * wanted) return undefined
        return (await numberIn(host, `bridge fdb show dev flv${vni} | grep -c dst || true`)) >= wanted
          ? true
          : undefined
      }
      if (!(await until(isDone, patience)))
        throw new Error(`the kernel does not know of all: ${agent.said().slice(-500)}`)
    },
  }
}

/** Runs something with a crowd of its own. */
export async function withCrowd(body: (crowd: Crowd) => Promise<void>): Promise<void> {
  const ends: (() => unknown)[] = []
  const ending: Ending = { teardown: end => void ends.push(end) }
  try {
    await withAgents(ending, 1, conf, async ({ hosts: [host], outside, agents: [agent], cluster }) => {
      if (!host || !agent) throw new Error('there is no host')
      await join(host, 'a', conf)
      const [{ vni }] = await asked(host, '/v1/networks')
      const keys = await cluster.ctl('get', '--prefix', '--keys-only', `${prefix}block/`)
      const own = Number(/\d+$/m.exec(keys.trim())?.[0])
      await body(crowdOn({ host, outside, vni }, own, agent, ending))
    })
  } finally {
    for (const end of ends.reverse()) await end()
  }
}

/** Milliseconds of a processor that a process and what it has started have taken, and its memory in MB. */
export function taken({ child: { pid } }: Running): { readonly cpu: number; readonly memory: number } {
  const times = (readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1] ?? '').split(' ').slice(11, 15).map(Number)
  const kilobytes = Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
  // The kernel counts in hundredths of a second for everybody (proc(5), sysconf(3)).
  return { cpu: 10 * times.reduce((sum, each) => sum + each, 0), memory: (kilobytes * 1_024) / 1e6 }
}

/** Runs a program in the network of a host, and tells when it has said something. */
function listen({ pid }: Host, argv: readonly string[], said: (text: string) => void): ChildProcess {
  const env = { ...process.env, ETCDCTL_API: '3', LC_ALL: 'C' }
  const child = spawn('nsenter', ['-t', String(pid), '-n', '--', ...argv], { env, stdio: ['ignore', 'pipe', 'ignore'] })
  child.stdout?.on('data', data => said(String(data)))
  return child
}

/** Milliseconds from the event of one more block until the kernel has the last entry of it. */
export async function oneMore(crowd: Crowd, id: string): Promise<number> {
  let [event, last, count] = [0, 0, 0]
  const heard = (text: string) => {
    const lines = text.split('\n').filter(line => line.includes(' PERMANENT') || line.includes(' dst '))
    if (lines.length > 0) last = performance.now()
    count += lines.length
  }
  const watching = ['etcdctl', '--endpoints', endpoints[0] ?? '', 'watch', '--prefix', `${prefix}block/`]
  const listeners = [
    listen(crowd.host, ['ip', 'monitor', 'neigh'], heard),
    listen(crowd.host, ['bridge', 'monitor', 'fdb'], heard),
    listen(crowd.outside, watching, () => {
      event ||= performance.now()
    }),
  ]
  try {
    await after(1_000)
    await crowd.put([crowd.block(id)])
    const isDone = async () =>
      event > 0 && count >= 3 * blockSize && performance.now() - last > 200 ? true : undefined
    if (!(await until(isDone, 10_000))) throw new Error(`one more block: ${count} entries were told`)
    return last - event
  } finally {
    for (const each of listeners) each.kill()
  }
}
