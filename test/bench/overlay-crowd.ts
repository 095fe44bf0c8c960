/** One host with an agent, and a crowd of others that are there in etcd alone. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as after } from 'node:timers/promises'
import type { Host } from '../support/host.ts'
import { type Ending, join } from '../support/overlay.ts'
import { asked, endpoints, etcdConf, type Running, startAgent, withAgents } from '../support/overlay-etcd.ts'
import { until } from '../support/until.ts'

export type Mode = 'l2' | 'l3'

/** Room for a thousand hosts of 250 containers. */
const confOf = (mode: Mode) =>
  etcdConf({ mode, ipam: { type: 'host-local', ranges: [[{ subnet: '10.128.0.0/12' }], [{ subnet: 'fd20::/64' }]] } })
const { name } = confOf('l2')
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
  /** Waits until the kernel knows of the block that came last. */
  programmed(): Promise<void>
  /** What the tunnel says that it has been told. */
  alias(): Promise<string>
  /** Waits until it says something else: all that is known by then has been told. */
  told(before: string): Promise<void>
}

const aliasOf = async (host: Host, vni: number): Promise<string> =>
  JSON.parse(await host.sh(`ip -j link show flv${vni}`))[0].ifalias ?? ''

function crowdOn(
  { host, outside, vni, mode }: Pick<Crowd, 'host' | 'outside' | 'vni'> & { readonly mode: Mode },
  own: number,
  first: Running,
  ending: Ending,
): Crowd {
  let [index, comers, agent] = [own, 0, first]
  const block = (id: string) => {
    // The host's own is any of those that there are.
    index = index >= 16_000 ? 1 : index + 1
    return [`block/${name}/${index}`, JSON.stringify({ node: id })] as const
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
    async programmed() {
      // To list hundreds of thousands takes the kernel long: it is asked for the last of them.
      const last = index * blockSize
      const at = (offset: number) => `10.${128 + (offset >> 16)}.${(offset >> 8) & 255}.${offset & 255}`
      const words =
        mode === 'l2'
          ? ['ip', 'neighbour', 'get', at(last + blockSize - 1), 'dev', `flb${vni}`]
          : ['ip', 'route', 'show', 'exact', `${at(last)}/26`, 'proto', '117']
      const isDone = async () => ((await host.exec(words)).stdout === '' ? undefined : true)
      if (!(await until(isDone, patience)))
        throw new Error(`the kernel does not know of all: ${agent.said().slice(-500)}`)
    },
    async told(before) {
      // Seldom: who asks takes the processors from those who work.
      for (const end = Date.now() + patience; (await aliasOf(host, vni)) === before; await after(100))
        if (Date.now() > end) throw new Error(`the agent tells nothing: ${agent.said().slice(-500)}`)
    },
    alias: () => aliasOf(host, vni),
  }
}

/** Runs something with a crowd of its own. */
export async function withCrowd(mode: Mode, body: (crowd: Crowd) => Promise<void>): Promise<void> {
  const conf = confOf(mode)
  const ends: (() => unknown)[] = []
  const ending: Ending = { teardown: end => void ends.push(end) }
  try {
    await withAgents(ending, 1, conf, async ({ hosts: [host], outside, agents: [agent], cluster }) => {
      if (!host || !agent) throw new Error('there is no host')
      await join(host, 'a', conf)
      const [{ vni }] = await asked(host, '/v1/networks')
      const keys = await cluster.ctl('get', '--prefix', '--keys-only', `${prefix}block/`)
      const own = Number(/\d+$/m.exec(keys.trim())?.[0])
      await body(crowdOn({ host, outside, vni, mode }, own, agent, ending))
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
