/**
 * Peak resident memory of one ADD. The kernel tells it of living processes only, so the plugin is kept alive at its last
 * word: its stdout is a full pipe, which is emptied once the figure has come to rest.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, constants, openSync, readFileSync, readSync, writeSync } from 'node:fs'
import { setTimeout as after } from 'node:timers/promises'
import { binsOf, rowsOfEach } from './builds.ts'
import { type Row, ratio, type Setting } from './row.ts'
import { addNetns, bridgeAlone, conf, type Side, withSides } from './side.ts'

const rest = 1_000
const interval = 5

function full(fifo: string): number {
  execFileSync('mkfifo', [fifo])
  const descriptor = openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK)
  const filling = Buffer.alloc(4_096, '\n')
  try {
    for (;;) writeSync(descriptor, filling)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
  }
  return descriptor
}

/** What is in the pipe now. */
function drain(descriptor: number): string {
  const chunk = Buffer.alloc(65_536)
  const parts: string[] = []
  try {
    for (;;) parts.push(chunk.toString('utf8', 0, readSync(descriptor, chunk)))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
  }
  return parts.join('').trim()
}

/** Kilobytes, or zero of a process without memory: it has ended. */
function highWater(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0)
}

/** Watches a plugin to its end. */
async function peak(plugin: ChildProcess, pipe: number): Promise<{ kilobytes: number; answer: string }> {
  const ended = once(plugin, 'exit')
  let kilobytes = 0
  let grown = Date.now()
  let answer = ''
  while (plugin.exitCode === null && plugin.signalCode === null) {
    const now = highWater(Number(plugin.pid))
    if (now > kilobytes) {
      kilobytes = now
      grown = Date.now()
    }
    if (Date.now() - grown > rest) answer += drain(pipe)
    await after(interval)
  }
  await ended
  return { kilobytes, answer: (answer + drain(pipe)).trim() }
}

async function addedBy(side: Side, id: string): Promise<number> {
  await addNetns(side, id)
  const pipe = full(`${side.files}/${id}.fifo`)
  const stdout = openSync(`${side.files}/${id}.fifo`, 'w')
  const names = { COMMAND: 'ADD', CONTAINERID: id, NETNS: `/run/netns/${id}`, IFNAME: 'eth0', PATH: side.bin }
  const variables = Object.entries(names).map(([name, value]) => [`CNI_${name}`, value])
  const env = { PATH: process.env.PATH, LC_ALL: 'C', ...Object.fromEntries(variables) }
  const argv = ['-t', String(side.host.pid), '-m', '-n', '--', `${side.bin}/bridge`]
  const plugin = spawn('nsenter', argv, { env, stdio: ['pipe', stdout, 'inherit'] })
  plugin.stdin?.end(JSON.stringify(conf))
  const { kilobytes, answer } = await peak(plugin, pipe)
  closeSync(stdout)
  closeSync(pipe)
  if (plugin.exitCode !== 0) throw new Error(`ADD failed with ${plugin.exitCode}: ${answer}`)
  return (kilobytes * 1_024) / 1e6
}

const worst = async (side: Side, runs: number): Promise<number> => {
  const found: number[] = []
  for (let run = 0; run < runs; run++) found.push(await addedBy(side, `m${run}`))
  return Math.max(...found)
}

/** Megabytes. */
const bars = { native: 8, node: 75 } as const

export async function memoryRows(setting: Setting): Promise<Row[]> {
  const runs = setting.short ? 3 : 5
  const megabytes: number[] = []
  await withSides(binsOf(setting).map(bridgeAlone), async sides => {
    for (const side of sides) megabytes.push(await worst(side, runs))
  })
  return rowsOfEach(setting, megabytes, (mine, theirs, engine) => {
    const note = `largest of ${runs}${theirs ? `; ${ratio(mine, theirs)?.toFixed(1)} × the peer` : ''}`
    const what = 'peak resident memory of one ADD'
    return [{ what, unit: 'MB', ours: mine, peer: theirs, value: mine, bar: bars[engine], note }]
  })
}
