/** Packets as an interface of a sandbox or of the host sees them. */
import { spawn } from 'node:child_process'
import type { Test } from 'tap'
import type { Host, Sandbox } from './host.ts'
import { until } from './until.ts'

export interface Capture {
  /** The first packet, as tcpdump prints it, that the pattern matches; undefined once the deadline has passed. */
  seen(pattern: RegExp, deadline?: number): Promise<string | undefined>
  /** All packets so far. */
  lines(): readonly string[]
}

/** Starts to capture, and returns when packets are really seen; ends with the test. */
export async function capture(
  t: Test,
  host: Host,
  where: Sandbox | Host,
  filter: string,
  dev = 'eth0',
): Promise<Capture> {
  const inside = [
    '-t',
    String(host.pid),
    '-m',
    '-n',
    '--',
    ...('pid' in where ? [] : ['ip', 'netns', 'exec', where.name]),
  ]
  const child = spawn('nsenter', [...inside, 'tcpdump', '-i', dev, '-l', '-n', '-e', '-p', filter])
  t.teardown(() => void child.kill('SIGKILL'))
  const output = { packets: '', said: '' }
  child.stdout.on('data', data => (output.packets += String(data)))
  child.stderr.on('data', data => (output.said += String(data)))
  const ready = await until(async () => (output.said.includes('listening on') ? true : undefined))
  if (!ready) throw new Error(`tcpdump does not start: ${output.said}`)
  const lines = () => output.packets.split('\n').filter(Boolean)
  return { lines, seen: (pattern, deadline) => until(async () => lines().find(line => pattern.test(line)), deadline) }
}
