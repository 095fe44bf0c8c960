/** Machines that talk to each other over real connections: containers, their host, and one outside behind its uplink. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Test } from 'tap'
import type { Host, Ran, Sandbox } from './host.ts'
import type { Call } from './talk-entry.ts'

export type Protocol = Call['protocol']
export type Family = 4 | 6

export interface Machine {
  readonly name: string
  /** What its services are reached at; a host has an address in each network. */
  readonly addresses: Readonly<Record<Family, string>>
  readonly sandbox: Sandbox | undefined
  exec(argv: readonly string[], input?: string): Promise<Ran>
}

const execOn =
  ({ exec }: Pick<Host, 'exec'>): Machine['exec'] =>
  (argv, input = '') =>
    exec(argv, { input })

/** A container, by what ADD answered. */
export function container(sandbox: Sandbox, result: { ips: readonly { address: string }[] }): Machine {
  const bare = result.ips.map(({ address }) => address.split('/')[0] ?? '')
  const of = (v6: boolean) => bare.find(address => address.includes(':') === v6) ?? ''
  return { name: sandbox.name, addresses: { 4: of(false), 6: of(true) }, sandbox, exec: execOn(sandbox) }
}

/** The host at its uplink. */
export const hostMachine = (host: Host): Machine => ({
  name: 'host',
  addresses: { 4: '192.0.2.1', 6: '2001:db8::1' },
  sandbox: undefined,
  exec: execOn(host),
})

/** Puts a machine at the other end of the uplink, which sends what is for the host's networks to the host. */
export async function outsideMachine(host: Host): Promise<Machine> {
  const sandbox = await host.sandbox('outside')
  await host.sh(`
    ip link set up1 netns outside
    ip -n outside link set up1 up
    ip -n outside address add 192.0.2.2/24 dev up1
    ip -n outside address add 2001:db8::2/64 dev up1 nodad
    ip address add 2001:db8::1/64 dev up0 nodad
    ip -n outside route add default via 192.0.2.1
    ip -n outside -6 route add default via 2001:db8::1
    ip -6 route add default via 2001:db8::2`)
  const addresses = { 4: '192.0.2.2', 6: '2001:db8::2' }
  return { name: 'outside', addresses, sandbox, exec: execOn(sandbox) }
}

const program = join(import.meta.dirname, 'talk-entry.ts')

/** Runs a process in the place of a machine until the test ends; resolves once it has said something. */
async function keepRunning(t: Test, host: Host, { sandbox }: Machine, argv: readonly string[]): Promise<void> {
  const inside = sandbox ? ['ip', 'netns', 'exec', sandbox.name] : []
  const child = spawn('nsenter', ['-t', String(host.pid), '-m', '-n', '--', ...inside, ...argv], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.teardown(async () => {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  })
  await once(child.stdout, 'data')
}

/** Has a machine answer with its name on ports, by TCP and UDP. */
export const serve = (t: Test, host: Host, machine: Machine, ports: readonly number[]): Promise<void> =>
  keepRunning(t, host, machine, [
    process.execPath,
    program,
    'serve',
    machine.name,
    ports.join(','),
    ...Object.values(machine.addresses).filter(Boolean),
  ])

/** Makes calls, all at once, and gives the names of those who answer; empty where nobody does. */
export async function ask(from: Machine, calls: readonly Call[]): Promise<readonly string[]> {
  const { code, stdout, stderr } = await from.exec([process.execPath, program, 'ask'], JSON.stringify(calls))
  if (code !== 0) throw new Error(`calls from ${from.name}: ${stderr}`)
  return JSON.parse(stdout)
}
